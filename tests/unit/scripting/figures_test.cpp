// Statistics functions and what ix:route may be given.
#include "tests/unit/scripting/scripts.hpp"

namespace trunkline::scripting::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Figures : public Scripts {
  protected:
    std::map<std::string, int> skills{{"billing", 7}};
    agents::AgentView ann() {
        agents::AgentView view;
        view.user_name = "ann";
        view.skills = &skills;
        view.load.chat = 2;
        view.state = "Busy";
        view.ready_since = TimePoint(seconds(1000));
        return view;
    }
    std::optional<double> figure_of(const std::string& body) {
        load({{"statistics/best.lua", "return function(agent)\n" + body + "\nend"}});
        error.clear();
        return host().figure("best", ann(), &error);
    }
    std::string error;
    const std::string all = "targets = {target.group 'All_Agents'}";
};

TEST_F(Figures, SeeTheAgent) {
    EXPECT_EQ(figure_of("return agent.skills.billing * 100 + agent.load.chat * 10 + agent.load.total"), 722);
    EXPECT_EQ(figure_of("return agent.ready_since + #agent.user_name + #agent.state"), 1007);
    EXPECT_EQ(error, "");
}

TEST_F(Figures, ReadZeroForASkillThatTheAgentLacks) {
    EXPECT_EQ(figure_of("return agent.skills.french + 1"), 1);
}

TEST_F(Figures, OfNoNumberOrAnErrorRuleTheAgentOut) {
    EXPECT_EQ(figure_of("if agent.user_name == 'ann' then return nil end return 1"), std::nullopt);
    EXPECT_EQ(error, "");
    EXPECT_EQ(figure_of("return agent.user_name == 'ann' and 0 / 0 or 1"), std::nullopt);
    EXPECT_EQ(figure_of("if agent.user_name == 'ann' then return agent.nothing.here end return 1"),
              std::nullopt);
    EXPECT_THAT(error,
                HasSubstr("scripts/statistics/best.lua:2: attempt to index a nil value (field 'nothing')"));
    EXPECT_EQ(figure_of("while agent.user_name == 'ann' do end return 1"), std::nullopt);
    EXPECT_THAT(error, HasSubstr("scripts/statistics/best.lua:2: used up its 100000 instructions"));
    EXPECT_EQ(figure_of("if agent.user_name == 'ann' then agent.load.chat = 0 end return 1"), std::nullopt);
    EXPECT_THAT(error, HasSubstr("the agent view is read-only"));
    EXPECT_EQ(host().figure("none", ann(), &error), std::nullopt);
    EXPECT_THAT(error, HasSubstr("statistics/none.lua: there is no statistic of this name"));
}

TEST_F(Figures, AreTriedWhileLoading) {
    const BuildResult built =
        build(sources({{"statistics/fails.lua", "return function(agent)\nreturn agent.load + 1 end"},
                       {"statistics/text.lua", "return function(agent) return agent.user_name end"},
                       {"statistics/picks.lua",
                        "return function(agent) if agent.skills.vip > 0 then return 1 end end"}}),
              budgets);
    std::vector<std::string> messages;
    for (const ScriptError& each : built.errors) messages.push_back(each.message);
    EXPECT_THAT(
        messages,
        ElementsAre(HasSubstr("scripts/statistics/fails.lua:2: attempt to perform arithmetic"),
                    HasSubstr("scripts/statistics/text.lua: must return a function that returns a number")));
}

TEST_F(Figures, ComeFromTheNewestGenerationAndInlineOnesFromTheirRoute) {
    load(
        {{"statistics/best.lua", "return function(agent) return 1 end"},
         {"strategies/main.lua", "return function(ix) local add = 5 ix:route{" + all +
                                     ", statistic = function(agent) return agent.load.chat + add end} end"}});
    const Run run = start();
    ASSERT_EQ(run.outcome, Outcome::waiting);
    EXPECT_TRUE(std::get<WaitForRoute>(*run.wait).request.inline_statistic);
    load({{"statistics/best.lua", "return function(agent) return 2 end"}});
    EXPECT_EQ(host().figure("best", ann(), &error), 2);
    EXPECT_EQ(host().inline_figure(id, ann(), &error), 7);
    EXPECT_EQ(host().resume(id, TimedOut{}).outcome, Outcome::finished);
    EXPECT_EQ(host().inline_figure(id, ann(), &error), std::nullopt);
}

TEST_F(Figures, AskedWhileAStrategyRunsLeaveItsBudgetAlone) {
    load({{"statistics/best.lua", "return function(agent) for n = 1, 100 do end return 1 end"},
          {"strategies/main.lua", "return function(ix) while true do ix:attach{a = 1} end end"}});
    port.on_attach = [this] { EXPECT_EQ(host().figure("best", ann(), nullptr), 1); };
    const Run run = start();
    ASSERT_EQ(run.outcome, Outcome::failed);
    EXPECT_EQ(run.error->kind, FailureKind::instructions);
}

TEST_F(Figures, RouteTakesEveryStatisticByItsName) {
    for (const std::string name :
         {"StatTimeInReadyState", "StatAgentLoading", "StatAgentLoadingMedia", "RStatRoundRobin",
          "StatAgentSkill:billing", "Percentage", "Random", "lua:best"}) {
        load({{"statistics/best.lua", "return function(agent) return 1 end"},
              {"strategies/main.lua",
               "return function(ix) ix:route{" + all + ", statistic = '" + name + "'} end"}});
        const Run run = start();
        ASSERT_EQ(run.outcome, Outcome::waiting) << name;
        EXPECT_EQ(std::get<WaitForRoute>(*run.wait).request.statistic, name);
        host().close(id);
    }
    EXPECT_THAT(error_of("ix:route{" + all + ", statistic = 'lua:' .. 'worst'}"),
                HasSubstr("there is no statistic 'worst' (expected at statistics/worst.lua"));
    EXPECT_THAT(error_of("ix:route{" + all + ", statistic = 5}"),
                HasSubstr("statistic must be a name or a function(agent) that returns a number, got number"));
    EXPECT_THAT(error_of("ix:route{" + all + ", on_wait = 'music'}"),
                HasSubstr("on_wait must be a function(ix), got string"));
    EXPECT_THAT(error_of("ix:route{" + all + ", preview = true}"), HasSubstr("comes with a later version"));
    EXPECT_THAT(error_of("ix:route{" + all + ", priority = 1e9}"), HasSubstr("from -1000000 to 1000000"));
}

TEST_F(Figures, TargetsCarryWeightsAndTheMediaThatTheyAreMeantFor) {
    load_body(R"(ix:route{statistic = "Percentage", targets = {
                   target.group("Billing", {weight = 70}),
                   target.group("Voice", {weight = 20, media = "voice"}),
                   target.skill("english >= 1", {weight = 30, media = "chat"})}})");
    const Run run = start();
    ASSERT_EQ(run.outcome, Outcome::waiting);
    EXPECT_EQ(to_text(*run.wait), "route group:Billing skill:english >= 1 0");
    EXPECT_THAT(std::get<WaitForRoute>(*run.wait).request.weights, ElementsAre(70, 30));
    host().close(id);
    EXPECT_THAT(error_of("ix:route{targets = {target.group('a', {weight = 1}), target.group 'b'}}"),
                HasSubstr("give every target a weight or none"));
    EXPECT_THAT(error_of("target.group('a', {weight = 0})"), HasSubstr("weight must be from 1 to 1000000"));
    EXPECT_THAT(error_of("target.dn('1', {share = 5})"),
                HasSubstr("unknown key 'share'; known are weight, media"));
    EXPECT_THAT(error_of("target.dn('1', {media = 'fax'})"),
                HasSubstr("media must be \"chat\" or \"voice\""));
}

}  // namespace
}  // namespace trunkline::scripting::testing
