#include <gmock/gmock.h>

#include "tests/unit/routing/routing_floor.hpp"

namespace trunkline::routing::testing {
namespace {

using ::testing::IsEmpty;

class Lines : public ::testing::Test {
  protected:
    Lines()
        : config(site_of({person_with("ann", {{"english", 2}}), person_with("bob", {{"french", 3}})},
                         {model::AgentGroup{0, "both", {"ann", "bob"}, "", {}}})) {
        router.configure(config);
        for (const auto& person : config->persons()) router.add_seat(seat_of(person));
    }
    void TearDown() override { EXPECT_THAT(router.inconsistencies(), IsEmpty()); }
    void wait(std::uint64_t number, const RouteRequest& request, int priority = 0) {
        router.add(call(number), TenantId(1), request, priority, at(static_cast<int>(number)));
    }
    model::SharedSnapshot config;
    Router router;
};

// lessons B5.47, B5.49
TEST_F(Lines, SayWhoIsNextByPriorityThenEntryWhereTheInteractionIsFurthestAhead) {
    RouteRequest both = to_skill("english >= 1");
    both.targets.push_back(to_skill("french >= 1").targets[0]);
    for (std::uint64_t n = 1; n <= 3; ++n) wait(n, to_skill("english >= 1"));
    wait(4, both);
    EXPECT_EQ(router.position(call(3)), 3);
    EXPECT_EQ(router.position(call(4)), 1);  // alone in the French line
    router.set_priority(call(3), 5);
    EXPECT_EQ(router.position(call(3)), 1);
    EXPECT_EQ(router.position(call(1)), 2);
    router.pause(call(3));  // an agent rings
    EXPECT_EQ(router.position(call(3)), std::nullopt);
    EXPECT_EQ(router.position(call(1)), 1);
}

TEST_F(Lines, ExpectThePlaceTimesTheMeanIntervalOfTheLast32Leaves) {
    const RouteRequest english = to_skill("english >= 1");
    for (std::uint64_t n = 1; n <= 40; ++n) wait(n, english);
    EXPECT_EQ(router.expected_wait(call(1)), std::nullopt);
    router.remove(call(1), at(1000));  // forgotten: the 33rd last
    for (int n = 0; n < 33; ++n) router.remove(call(static_cast<std::uint64_t>(n) + 2), at(2000 + 10 * n));
    EXPECT_EQ(router.expected_wait(call(35)), seconds(10));
    EXPECT_EQ(router.expected_wait(call(40)), seconds(60));
    EXPECT_EQ(router.expected_wait(TenantId(1), english.targets[0]), seconds(70));
    EXPECT_EQ(router.expected_wait(TenantId(1), to_skill("french >= 1").targets[0]), std::nullopt);
}

// lessons B5.52
TEST_F(Lines, KeepThePlaceAndWhoWasPassedOverWhenTheTargetsAreWidened) {
    RouteRequest narrow;
    narrow.targets = {{TargetKind::agent, "ann"}};
    RouteRequest wide;
    wide.targets = {{TargetKind::group, "both"}};
    wait(2, wide);
    wait(1, narrow);
    router.pass_over(call(1), config->persons()[0].id, at(60), true);
    router.remove(call(1), at(30));
    wait(1, wide);
    EXPECT_EQ(router.position(call(1)), 1);
    router.set_standing(dn_of(config, "ann"), able_since(at(0)));
    EXPECT_FALSE(router.choose(call(1), at(40)).has_value());
    router.set_standing(dn_of(config, "bob"), able_since(at(5)));
    EXPECT_EQ(router.choose(call(1), at(40))->agent, config->persons()[1].id);
    EXPECT_EQ(router.choose(call(1), at(60))->agent, config->persons()[0].id);
    router.remove(call(1), at(70));
    EXPECT_EQ(router.remembered(), 1U);
    router.forget(call(1));
    EXPECT_EQ(router.remembered(), 0U);
}

TEST_F(Lines, ThatNobodyStandsInAreKeptWithinBounds) {
    for (std::uint64_t n = 1; n <= 10'050; ++n) {
        wait(n, to_skill("english >= " + std::to_string(n)));
        router.remove(call(n), at(0));
    }
    EXPECT_EQ(router.pool_count(), 10'000U);
    wait(1, to_skill("english >= 1"));  // dropped as the oldest, and found again
    router.set_standing(dn_of(config, "ann"), able_since(at(0)));
    EXPECT_EQ(router.choose(call(1), at(1))->agent, config->persons()[0].id);
}

}  // namespace
}  // namespace trunkline::routing::testing
