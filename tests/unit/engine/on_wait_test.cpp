// The busy treatment of ix:route, as the customer and the agent see it.
#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class OnWait : public EngineTest {
  protected:
    /// Agents who do not answer are not ready any more, so that the interaction waits again.
    static model::Site site() {
        model::Site site = small_site();
        dn_of(site, "1001").options["TServer"]["no-answer-timeout"] = "5";
        dn_of(site, "1001").options["TServer"]["no-answer-action"] = "notready";
        return site;
    }
    static std::string strategy(const std::string& on_wait, const std::string& arguments = "timeout = 300") {
        return "return function(ix)\n  local r, why = ix:route{targets = {target.group 'All_Agents'}, " +
               arguments + ", on_wait = function(ix)\n" + on_wait +
               "\nend}\n  ix:send_text(r and 'routed' or why)\nend";
    }
    static std::vector<std::string> said(const World& world) {
        std::vector<std::string> texts;
        for (const auto& text : world.left.texts) texts.push_back(text.text);
        return texts;
    }
};

TEST_F(OnWait, PlaysWhileNobodyIsAbleAndIsCutShortWhenAnAgentIsFound) {
    World& world = start(strategy("while true do ix:send_text 'please wait' ix:sleep(10) end"));
    world.text("carl", "hello");
    world.pass(seconds(25));
    EXPECT_THAT(said(world), ElementsAre("please wait", "please wait", "please wait"));
    world.ready_agent("1001", "1001");
    EXPECT_TRUE(world.ringing("1001"));
    world.pass(seconds(5));
    EXPECT_THAT(said(world), SizeIs(3));
}

TEST_F(OnWait, IsNotBegunWhereAnAgentIsAbleAtOnce) {
    World& world = start(strategy("ix:send_text 'please wait'"));
    world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    EXPECT_THAT(said(world), IsEmpty());
}

TEST_F(OnWait, BeginsAnewWhenTheInteractionWaitsAgain) {
    World& world = start(strategy("ix:send_text 'please wait' ix:sleep(100) ix:send_text 'never'"), site());
    world.text("carl", "hello");
    world.ready_agent("1001", "1001");
    ASSERT_TRUE(world.ringing("1001"));
    world.pass(seconds(11));  // no answer, and nobody else is there
    EXPECT_THAT(said(world), ElementsAre("please wait", "please wait"));
}

TEST_F(OnWait, RunsOnceAWaitUnlessItLoops) {
    World& world = start(strategy("ix:send_text 'please wait'"));
    world.text("carl", "hello");
    world.pass(seconds(100));
    EXPECT_THAT(said(world), ElementsAre("please wait"));
}

TEST_F(OnWait, RunsItsCloseVariablesWhenItIsCutShort) {
    World& world = start(
        strategy("local bye <close> = setmetatable({}, {__close = function() ix:send_text 'an agent is here' "
                 "end}) ix:sleep(100)"));
    world.text("carl", "hello");
    EXPECT_THAT(said(world), IsEmpty());
    world.ready_agent("1001", "1001");
    EXPECT_THAT(said(world), ElementsAre("an agent is here"));
}

TEST_F(OnWait, ReadsWhatTheCustomerWritesMeanwhile) {
    World& world =
        start(strategy("while true do local t = ix:receive_text() ix:send_text('you said ' .. t) end"));
    world.text("carl", "hello");
    world.text("carl", "still there?");
    EXPECT_THAT(said(world), ElementsAre("you said hello", "you said still there?"));
}

TEST_F(OnWait, EndsWithTheRoutesTimeout) {
    World& world =
        start(strategy("while true do ix:send_text 'please wait' ix:sleep(10) end", "timeout = 15"));
    world.text("carl", "hello");
    world.pass(seconds(60));
    auto texts = said(world);
    texts.resize(3);
    EXPECT_THAT(texts, ElementsAre("please wait", "please wait", "timeout"));
}

TEST_F(OnWait, EndsWhenTheCustomerLeaves) {
    World& world = start(strategy("while true do ix:send_text 'please wait' ix:sleep(10) end"));
    const std::string leg = world.session("carl");
    world.leave(leg, messages::LegEnd::cancelled);
    world.clear();
    world.pass(seconds(60));
    EXPECT_THAT(said(world), IsEmpty());
}

TEST_F(OnWait, AnErrorInItIsToldAndTheWaitGoesOnWithoutIt) {
    World& world = start(strategy("local nothing\nix:send_text(nothing.text)"));
    world.text("carl", "hello");
    EXPECT_EQ(world.interactions()[0].state, "waiting");
    EXPECT_THAT(
        world.left.rows<records::LogEvent>(),
        Contains(Field(&records::LogEvent::text,
                       HasSubstr("script error in on_wait: strategies/main.lua:4: attempt to index"))));
    EXPECT_THAT(world.left.rows<records::TraceStep>(), Contains(Field(&records::TraceStep::step, "error")));
    world.ready_agent("1001", "1001");
    EXPECT_TRUE(world.ringing("1001"));
}

TEST_F(OnWait, CannotRouteAndSaysSo) {
    World& world = start(strategy("ix:route_to '1001'"));
    world.text("carl", "hello");
    EXPECT_THAT(world.left.rows<records::LogEvent>(),
                Contains(Field(&records::LogEvent::text,
                               HasSubstr("ix:route_to: an on_wait function runs while ix:route looks for"))));
    EXPECT_EQ(world.interactions()[0].state, "waiting");
}

TEST_F(OnWait, ATreatmentCutShortHasItsRowAndLeavesTheStrategysOwnOpen) {
    World& world = start(strategy("ix:collect_digits{total_timeout = 100}"), site());
    world.text("carl", "hello");
    world.pass(seconds(1));
    EXPECT_THAT(world.left.rows<records::Treatment>(), SizeIs(1));  // read at once, and ended
    world.ready_agent("1001", "1001");
    world.pass(seconds(11));  // waits again: nothing to read yet
    EXPECT_THAT(world.left.rows<records::Treatment>(), SizeIs(1));
    world.ready_agent("1002", "1002");
    ASSERT_TRUE(world.ringing("1002"));
    ASSERT_THAT(world.left.rows<records::Treatment>(), SizeIs(2));
    EXPECT_EQ(world.left.rows<records::Treatment>()[1].result, "closed");
}

TEST_F(OnWait, MayEndTheInteraction) {
    World& world = start(strategy("ix:send_text 'come back tomorrow' ix:disconnect() ix:sleep(1)"));
    world.text("carl", "hello");
    EXPECT_THAT(world.interactions(), IsEmpty());
    EXPECT_EQ(world.left.rows<records::InteractionEnded>()[0].outcome, "rejected");
}

}  // namespace
}  // namespace trunkline::testing
