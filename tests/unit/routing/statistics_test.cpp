#include <gmock/gmock.h>

#include "tests/unit/routing/routing_floor.hpp"

namespace trunkline::routing::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Three agents who are all able: ann is idle longest, then bob, then eve.
// Every test runs with a pool that is looked through and with one that keeps its orders from the first ask
// on.
class Statistics : public ::testing::TestWithParam<bool> {
  protected:
    Statistics()
        : config(site_of({person_with("ann", {{"english", 2}, {"all", 1}}),
                          person_with("bob", {{"english", 9}, {"all", 1}}),
                          person_with("eve", {{"english", 9}, {"all", 1}})})) {
        router.use({[this](std::string_view script, const agents::AgentView& view) {
                        ++asked;
                        return script == "none" ? std::nullopt : figures(view);
                    },
                    [this](CallUuid, const agents::AgentView& view) {
                        ++asked;
                        return figures(view);
                    },
                    [this](std::uint64_t bound) { return thrown % bound; }});
        router.configure(config);
        for (const auto& person : config->persons()) router.add_seat(seat_of(person));
        able("ann", 0);
        able("bob", 10);
        able("eve", 20);
    }
    void able(const std::string& name, int since, agents::Load load = {}) {
        router.set_standing(dn_of(config, name), able_since(at(since), load));
    }
    Choice choose(const RouteRequest& request, std::uint64_t number = 1) {
        router.add(call(number), tenant, request, 0, at(30));
        const auto choice = router.choose(call(number), at(30));
        if (choice) router.offered(call(number), *choice, at(30));
        router.remove(call(number), at(30));
        router.forget(call(number));
        EXPECT_THAT(router.inconsistencies(), ::testing::IsEmpty());
        return choice.value_or(Choice{});
    }
    std::string name_of(const Choice& choice) const {
        const auto* person = config->person(choice.agent);
        return person == nullptr ? "nobody" : person->object->user_name;
    }
    std::string best(const std::string& statistic) {
        return name_of(choose(to_skill("all >= 1", statistic)));
    }

    model::SharedSnapshot config;
    TenantId tenant{1};
    Router router{GetParam() ? Upkeep{0, 0, 0} : Upkeep{}};
    std::uint64_t thrown = 0;
    int asked = 0;
    std::function<std::optional<double>(const agents::AgentView&)> figures =
        [](const agents::AgentView& view) -> std::optional<double> {
        return view.user_name == "bob" ? 5 : 1;
    };
};

TEST_P(Statistics, LongestIdleIsTheDefault) { EXPECT_EQ(best("StatTimeInReadyState"), "ann"); }

TEST_P(Statistics, LeastLoadedCountsAllMediaOrTheOneThatIsRouted) {
    able("ann", 0, {1, 0, 0});
    able("bob", 10, {0, 2, 0});
    able("eve", 20, {2, 0, 0});
    EXPECT_EQ(best("StatAgentLoading"), "ann");
    EXPECT_EQ(best("StatAgentLoadingMedia"), "bob");
    EXPECT_EQ(choose(to_skill("all >= 1", "StatAgentLoading")).figure, 1);
}

TEST_P(Statistics, BestSkilledTakesTheLongerIdleOfTwoWhoAreAsGood) {
    EXPECT_EQ(best("StatAgentSkill:english"), "bob");
    const Choice choice = choose(to_skill("all >= 1", "StatAgentSkill:english"));
    EXPECT_EQ(choice.figure, 9);
    EXPECT_EQ(choice.next_best[1].figure, 2);
}

TEST_P(Statistics, RoundRobinTakesWhoWasOfferedNothingByThisPoolForLongest) {
    std::vector<std::string> in_turn;
    for (int n = 0; n < 4; ++n) in_turn.push_back(best("RStatRoundRobin"));
    EXPECT_THAT(in_turn, ElementsAre("ann", "bob", "eve", "ann"));
    EXPECT_EQ(name_of(choose(to_skill("english >= 1", "RStatRoundRobin"))), "ann");  // a pool of its own
}

TEST_P(Statistics, RandomTakesWhomTheDiceName) {
    thrown = 2;
    EXPECT_EQ(best("Random"), "eve");
    thrown = 1;
    EXPECT_EQ(best("Random"), "bob");
}

TEST_P(Statistics, PercentageGivesEachTargetItsShareOfTheTraffic) {
    RouteRequest request;
    request.targets = {{TargetKind::agent, "ann"}, {TargetKind::agent, "bob"}, {TargetKind::agent, "eve"}};
    request.weights = {50, 30, 20};
    request.statistic = "Percentage";
    std::map<std::string, int> got;
    for (int n = 0; n < 1000; ++n) ++got[name_of(choose(request))];
    EXPECT_EQ(got["ann"], 500);
    EXPECT_EQ(got["bob"], 300);
    EXPECT_EQ(got["eve"], 200);
    EXPECT_EQ(choose(request).figure, 50);
}

TEST_P(Statistics, PercentageSharesAmongTheTargetsThatHaveAnAbleAgent) {
    RouteRequest request;
    request.targets = {{TargetKind::agent, "ann"}, {TargetKind::agent, "bob"}, {TargetKind::agent, "eve"}};
    request.weights = {90, 10, 0};
    request.statistic = "Percentage";
    router.set_standing(dn_of(config, "ann"), Standing{});
    EXPECT_EQ(name_of(choose(request)), "bob");
    EXPECT_EQ(name_of(choose(request)), "bob");  // eve's weight is 0
    router.set_standing(dn_of(config, "bob"), Standing{});
    EXPECT_EQ(name_of(choose(request)), "eve");
}

TEST_P(Statistics, OfAScriptTheGreatestFigureWinsAndNoNumberRulesOut) {
    EXPECT_EQ(best("lua:mine"), "bob");
    figures = [](const agents::AgentView& view) -> std::optional<double> {
        if (view.user_name == "bob") return std::nullopt;
        return 1;
    };
    router.forget_figures();
    const Choice choice = choose(to_skill("all >= 1", "lua:mine"));
    EXPECT_EQ(name_of(choice), "ann");
    EXPECT_EQ(choice.candidates, 2U);
    EXPECT_EQ(choice.ruled_out.at("figure"), 1U);
    EXPECT_EQ(best("lua:none"), "nobody");
}

TEST_P(Statistics, OfAScriptAreAskedAgainOnlyWhenTheAgentsViewChanges) {
    best("lua:mine");
    EXPECT_EQ(asked, 3);
    best("lua:mine");
    choose(to_skill("english >= 1", "lua:mine"));  // another pool, the same agents
    EXPECT_EQ(asked, 3);
    router.set_standing(dn_of(config, "ann"), {Ability::able, {}, at(25), "Ready", at(0)});
    EXPECT_EQ(asked, 3);  // idle since is no field of the view
    able("ann", 26, {1, 0, 0});
    best("lua:mine");
    EXPECT_EQ(asked, 4);
    router.forget_figures();  // a new generation of scripts
    best("lua:mine");
    EXPECT_EQ(asked, 7);
}

TEST_P(Statistics, OfTheRequestItselfAreAskedForEachAbleAgentAndTheChoiceSaysSo) {
    RouteRequest request = to_skill("all >= 1");
    request.inline_statistic = true;
    const Choice choice = choose(request);
    EXPECT_EQ(name_of(choice), "bob");
    EXPECT_EQ(choice.figure, 5);
    EXPECT_EQ(choice.inline_asked, 3U);
    EXPECT_EQ(choice.inline_not_asked, 0U);
}

TEST_P(Statistics, AnInteractionWhoseFigureRulesTheFreedAgentOutStandsInNobodysWay) {
    RouteRequest request = to_skill("all >= 1", "lua:none");
    router.add(call(1), tenant, request, 9, at(0));
    router.add(call(2), tenant, to_skill("all >= 1"), 0, at(1));
    EXPECT_EQ(router.interaction_for(dn_of(config, "ann"), at(30)), call(2));
}

TEST_P(Statistics, WithNamesThatNobodyKnowsAreRefusedByName) {
    EXPECT_FALSE(known_statistic("StatAgentSkill:"));
    EXPECT_FALSE(known_statistic("statTimeInReadyState"));
    EXPECT_TRUE(known_statistic("StatAgentSkill:english"));
    EXPECT_THAT(std::string(known_statistics()), HasSubstr("lua:"));
}

INSTANTIATE_TEST_SUITE_P(All, Statistics, ::testing::Bool(), [](const auto& kept) {
    return kept.param ? std::string("InKeptOrder") : std::string("LookedThrough");
});

}  // namespace
}  // namespace trunkline::routing::testing
