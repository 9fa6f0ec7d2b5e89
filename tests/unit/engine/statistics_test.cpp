// ix:route{statistic = ..} from the strategy's line to the decision record.
#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class StatisticsOfRoute : public EngineTest {
  protected:
    /// Ann (billing 7, english 5) ready first, then bob (billing 2, english 8).
    World& with_two(const std::string& arguments) {
        World& world = start("return function(ix) ix:route{targets = {target.group \"All_Agents\"}, " +
                             arguments + "} end");
        world.ready_agent("1001", "1001");
        world.pass(seconds(10));
        world.ready_agent("1002", "1002");
        world.pass(seconds(10));
        return world;
    }
    static records::Decision last_decision(const World& world) {
        return world.left.rows<records::Decision>().back();
    }
};

TEST_F(StatisticsOfRoute, SkillTakesTheBestSkilledThoughAnotherIsIdleLonger) {
    World& world = with_two("statistic = 'StatAgentSkill:english'");
    world.text("carl", "hello");
    EXPECT_EQ(last_decision(world).winner, "bob");
    EXPECT_EQ(last_decision(world).figure, 8);
    EXPECT_EQ(last_decision(world).next_best.is, R"([{"agent":"ann","figure":5.000}])");
}

TEST_F(StatisticsOfRoute, RoundRobinGoesRoundWhoeverIsIdleLongest) {  // lessons B4.38
    World& world = with_two("statistic = 'RStatRoundRobin'");
    std::vector<std::string> winners;
    for (const char* customer : {"a", "b", "c", "d"}) {
        world.text(customer, "hello");
        winners.push_back(last_decision(world).winner);
        world.pass(seconds(1));
    }
    EXPECT_THAT(winners, ElementsAre("ann", "bob", "ann", "bob"));
}

TEST_F(StatisticsOfRoute, RandomIsTheSameInEveryRunOfTheSameSeed) {
    const auto winners = [this] {
        World& world = with_two("statistic = 'Random'");
        std::string names;
        for (const char* customer : {"a", "b", "c", "d"}) {
            world.text(customer, "hello");
            names += last_decision(world).winner + ' ';
        }
        world.end_everything();
        return names;
    };
    EXPECT_EQ(winners(), winners());
}

TEST_F(StatisticsOfRoute, PercentageFollowsTheWeightsOfTheTargets) {
    World& world = start(R"(return function(ix)
      ix:route{targets = {target.agent("ann", {weight = 1}), target.agent("bob", {weight = 1})}, statistic = "Percentage"}
    end)");
    world.ready_agent("1001", "1001");
    world.ready_agent("1002", "1002");
    std::map<std::string, int> won;
    for (const char* customer : {"a", "b", "c", "d"}) {
        world.text(customer, "hello");
        ++won[last_decision(world).winner];
    }
    EXPECT_EQ(won["ann"], 2);
    EXPECT_EQ(won["bob"], 2);
}

TEST_F(StatisticsOfRoute, AFunctionOfTheStrategyChoosesAndTheRecordSaysThatItWasAsked) {
    World& world = with_two("statistic = function(agent) return agent.skills.english end");
    world.text("carl", "hello");
    EXPECT_EQ(last_decision(world).winner, "bob");
    EXPECT_EQ(last_decision(world).figure, 8);
    EXPECT_THAT(last_decision(world).ruled_out.is, HasSubstr("\"inline_asked\":2"));
}

TEST_F(StatisticsOfRoute, AFunctionThatGivesNoNumberRulesTheAgentOutByFigure) {
    World& world = with_two("statistic = function(agent) if agent.user_name ~= 'ann' then return 1 end end");
    world.text("carl", "hello");
    EXPECT_EQ(last_decision(world).winner, "bob");
    EXPECT_THAT(last_decision(world).ruled_out.is, HasSubstr("\"figure\":1"));
}

TEST_F(StatisticsOfRoute, AStatisticOfScriptsIsAskedByItsName) {
    World& world = with_two("statistic = 'lua:least_loaded_best_skilled'");
    world.text("carl", "hello");
    EXPECT_EQ(last_decision(world).winner, "bob");  // english 8, ann's best is billing 7
    world.text("dora", "hello");
    EXPECT_EQ(last_decision(world).winner, "ann");
}

TEST_F(StatisticsOfRoute, RoundRobinGivesOneTurnToWhoFitsTwoTargets) {
    World& world = start(R"(
return function(ix)
  ix:route{targets = {target.skill "english >= 1", target.skill "billing >= 5"}, statistic = 'RStatRoundRobin'}
end)");
    world.ready_agent("1001", "1001");  // fits both
    world.pass(seconds(10));
    world.ready_agent("1002", "1002");  // fits the first
    std::vector<std::string> winners;
    for (const char* customer : {"a", "b", "c", "d"}) {
        world.text(customer, "hello");
        winners.push_back(last_decision(world).winner);
        world.pass(seconds(1));
    }
    EXPECT_THAT(winners, ElementsAre("ann", "bob", "ann", "bob"));
}

}  // namespace
}  // namespace trunkline::testing
