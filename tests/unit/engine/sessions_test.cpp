#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using messages::MessageId;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

class Sessions : public EngineTest {};

TEST_F(Sessions, AnUnknownNumberIsAnswered404) {
    World& world = start(route_to_all);
    EXPECT_EQ(world.text("carl", "hello", "9999"), 404);
    EXPECT_EQ(world.text("carl", "hello", "1001"), 404);
    EXPECT_THAT(world.left.rows<records::InteractionStarted>(), IsEmpty());
}

TEST_F(Sessions, AreGreetedAskedRoutedAnsweredAndReleasedWithTheEventsOfTheGuide) {
    World& world = start(R"(
return function(ix)
  local topic = ix:collect_digits{total_timeout = 30}
  ix.userdata.topic = topic
  ix:play_announcement{text = "One moment, please."}
  ix:route{targets = {target.group "All_Agents"}, timeout = 60}
end)");
    const ClientId agent = world.ready_agent("1001", "1001");
    const ClientId monitor = world.client();
    world.register_dn(monitor, "1111");
    world.clear();

    EXPECT_EQ(world.text("1007", "test"), 200);
    const ConnId conn = world.ringing("1001");
    ASSERT_TRUE(conn);
    EXPECT_EQ(world.left.sequence(agent), "EventRinging@1001");
    EXPECT_EQ(world.left.sequence(monitor),
              "EventQueued@1111 EventRouteRequest@1111 EventPrivateInfo@1111 EventAttachedDataChanged@1111 "
              "EventPrivateInfo@1111 "
              "EventRouteUsed@1111 EventDiverted@1111");
    EXPECT_EQ(world.answer(agent, "1001", conn), 0);
    EXPECT_EQ(world.say(agent, "1001", conn, "How can I help?"), 0);
    EXPECT_EQ(world.text("1007", "my invoice"), 200);
    EXPECT_EQ(world.release(agent, "1001", conn), 0);
    EXPECT_EQ(world.left.sequence(agent),
              "EventRinging@1001 EventEstablished@1001 EventUserEvent@1001 EventPrivateInfo@1001 "
              "EventPrivateInfo@1001 "
              "EventReleased@1001");

    const messages::TMessage ringing = world.left.events_of(agent, MessageId::event_ringing).front();
    EXPECT_EQ(ringing.media_type, 5);
    EXPECT_EQ(ringing.call_type, 2);
    EXPECT_EQ(ringing.dnis, "1111");
    EXPECT_EQ(ringing.other_dn, "1007");
    EXPECT_EQ(ringing.this_queue, "1111");
    EXPECT_EQ(ringing.user_data->text("topic"), "test");
    EXPECT_EQ(ringing.user_data->text("RTargetAgentSelected"), "E1001");
    EXPECT_EQ(ringing.user_data->text("RTargetObjectSelected"), "All_Agents");
    EXPECT_EQ(ringing.user_data->text("RTargetTypeSelected"), "2");
    EXPECT_EQ(ringing.user_data->text("RTargetPlaceSelected"), "P1001");
    EXPECT_EQ(ringing.user_data->text("RTenant"), "Resources");

    ASSERT_THAT(world.left.texts, SizeIs(2));
    EXPECT_EQ(world.left.texts[0].text, "One moment, please.");
    EXPECT_EQ(world.left.texts[1].text, "[1001/E1001] How can I help?");
    ASSERT_THAT(world.left.rows<records::InteractionEnded>(), SizeIs(1));
    EXPECT_EQ(world.left.rows<records::InteractionEnded>()[0].outcome, "handled");
    ASSERT_THAT(world.left.rows<records::Route>(), SizeIs(1));
    EXPECT_EQ(world.left.rows<records::Route>()[0].result, "selected");
    EXPECT_EQ(world.left.rows<records::Route>()[0].agent, "ann");
    ASSERT_THAT(world.left.rows<records::Decision>(), SizeIs(1));
    EXPECT_EQ(world.left.rows<records::Decision>()[0].winner, "ann");
    EXPECT_THAT(world.left.ended_legs, SizeIs(1));
}

TEST_F(Sessions, CloseEveryRowThatTheyOpen) {
    World& world = start(route_to_all);
    const ClientId agent = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    world.answer(agent, "1001", world.ringing("1001"));
    world.release(agent, "1001", world.ringing("1001"));
    EXPECT_EQ(world.left.rows<records::PartyJoined>().size(), world.left.rows<records::PartyLeft>().size());
    EXPECT_EQ(world.left.rows<records::QueueEntered>().size(), world.left.rows<records::QueueLeft>().size());
    EXPECT_EQ(world.left.rows<records::QueueLeft>()[0].outcome, "distributed");
}

TEST_F(Sessions, OfACustomerWhoLeavesBeforeAnAnswerAreAbandoned) {
    World& world = start(route_to_all);
    const ClientId agent = world.ready_agent("1001", "1001");
    const std::string leg = world.session("carl");
    world.leave(leg, messages::LegEnd::cancelled);
    EXPECT_THAT(world.left.sequence(agent), ::testing::EndsWith("EventRinging@1001 EventAbandoned@1001"));
    EXPECT_EQ(world.left.rows<records::InteractionEnded>()[0].outcome, "abandoned");
    EXPECT_EQ(world.engine.agents(world.now)[0].chats, 0);
}

TEST_F(Sessions, InSessionModeRingFirstAndAreAcceptedWhenTheStrategyNeedsTheCustomer) {
    World& world = start(
        R"(return function(ix) ix:collect_digits{total_timeout = 30} ix:route{targets = {target.group "All_Agents"}} end)");
    const std::string leg = world.session("carl");
    ASSERT_THAT(world.left.session_answers, SizeIs(2));
    EXPECT_EQ(world.left.session_answers[0].status, 180);
    EXPECT_EQ(world.left.session_answers[1].status, 200);
    EXPECT_EQ(world.session_text(leg, "billing"), 200);
    EXPECT_EQ(world.interactions()[0].state, "waiting");
}

TEST_F(Sessions, InSessionModeWithoutAnyTreatmentAreAcceptedWhenTheAgentAnswers) {
    World& world = start(route_to_all);
    const ClientId agent = world.ready_agent("1001", "1001");
    world.session("carl");
    ASSERT_THAT(world.left.session_answers, SizeIs(1));
    world.answer(agent, "1001", world.ringing("1001"));
    ASSERT_THAT(world.left.session_answers, SizeIs(2));
    EXPECT_EQ(world.left.session_answers[1].status, 200);
    world.release(agent, "1001", world.ringing("1001"));
    EXPECT_THAT(world.left.ended_legs, SizeIs(1));
}

TEST_F(Sessions, InSessionModeThatNobodyCanTakeAreRefusedWith480) {
    model::Site site = small_site();
    dn_of(site, "1111").options["TServer"].erase("default-dn");
    World& world = start(
        R"(return function(ix) ix:route{targets = {target.group "All_Agents"}, timeout = 5} end)", site);
    world.session("carl");
    world.pass(seconds(5));
    ASSERT_THAT(world.left.session_answers, SizeIs(2));
    EXPECT_EQ(world.left.session_answers[1].status, 480);
    EXPECT_EQ(world.left.rows<records::InteractionEnded>()[0].outcome, "failed");
}

TEST_F(Sessions, InPagerModeEndAfterSilenceAndTheNextTextNamesItsParent) {
    World& world = start(R"(return function(ix) ix:route{targets = {target.group "All_Agents"}} end)");
    world.text("carl", "hello");
    const CallUuid first = world.left.rows<records::InteractionStarted>()[0].id;
    world.pass(seconds(800));
    world.text("carl", "still there?");
    world.pass(seconds(800));
    EXPECT_THAT(world.interactions(), SizeIs(1));  // the second text started the silence again
    world.pass(seconds(101));
    EXPECT_THAT(world.interactions(), IsEmpty());
    world.text("carl", "hello again");
    ASSERT_THAT(world.left.rows<records::InteractionStarted>(), SizeIs(2));
    EXPECT_EQ(world.left.rows<records::InteractionStarted>()[1].parent_id, first);
}

TEST_F(Sessions, OfTwoStrangersAreTwo) {
    World& world = start(route_to_all);
    world.text("carl", "one");
    world.text("dora", "two");
    world.text("carl", "three");
    EXPECT_THAT(world.left.rows<records::InteractionStarted>(), SizeIs(2));
}

TEST_F(Sessions, AreRefusedWhileTheServerDrainsButLiveOnesGoOn) {
    World& world = start(route_to_all);
    world.text("carl", "hello");
    world.command(messages::Drain{});
    EXPECT_EQ(world.text("dora", "hello"), 503);
    EXPECT_EQ(world.text("carl", "more"), 200);
}

TEST_F(Sessions, WhoseStrategyDisconnectsEnd) {
    World& world = start(
        R"(return function(ix) ix:play_announcement{text = "We are closed."} ix:disconnect("closed") end)");
    world.text("carl", "hello");
    EXPECT_THAT(world.interactions(), IsEmpty());
    EXPECT_EQ(world.left.rows<records::InteractionEnded>()[0].outcome, "rejected");
    EXPECT_THAT(world.left.texts, SizeIs(1));
}

TEST_F(Sessions, OfAStrategyThatFailsGoToDefaultRoutingAndTheErrorNamesFileAndLine) {
    World& world = start("return function(ix)\n  local nothing = nil\n  nothing.call()\nend");
    const ClientId agent = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    world.answer(agent, "1001", world.ringing("1001"));
    world.release(agent, "1001", world.ringing("1001"));
    EXPECT_EQ(world.left.rows<records::InteractionEnded>()[0].outcome, "default_routed");
    ASSERT_THAT(world.left.rows<records::LogEvent>(), SizeIs(1));
    EXPECT_THAT(world.left.rows<records::LogEvent>()[0].text, ::testing::HasSubstr("strategies/main.lua:3:"));
}

TEST_F(Sessions, WithoutAStrategyGoToDefaultRoutingWhenNoClientRoutesThem) {
    World& world = start(route_to_all);
    const ClientId bob = world.client();
    world.register_dn(bob, "1002");
    world.text("carl", "hello", "1112");
    EXPECT_FALSE(world.ringing("1002"));
    world.pass(seconds(10));
    EXPECT_TRUE(world.ringing("1002"));
}

TEST_F(Sessions, WriteOneRowForEachTreatmentAndCloseItWhenTheCustomerLeaves) {
    World& world = start(R"(
return function(ix)
  ix:play_announcement{text = "Hello"}
  ix:collect_digits{total_timeout = 30}
  ix:collect_digits{total_timeout = 30}
end)");
    const std::string leg = world.session("carl");
    world.session_text(leg, "one");
    world.leave(leg);
    const auto rows = world.left.rows<records::Treatment>();
    ASSERT_THAT(rows, SizeIs(3));
    EXPECT_EQ(rows[0].name, "play_announcement");
    EXPECT_EQ(rows[1].name, "collect_digits");
    EXPECT_EQ(rows[2].result, "abandoned");
}

TEST_F(Sessions, ThatDefaultRoutingCannotPlaceTellTheCustomerAndFail) {
    World& world = start(R"(return function(ix) end)");
    world.text("carl", "hello");
    EXPECT_THAT(world.left.texts, SizeIs(1));
    EXPECT_EQ(world.left.rows<records::InteractionEnded>()[0].outcome, "failed");
}

TEST_F(Sessions, RunInTheGenerationTheyBeganIn) {
    World& world = start(
        R"(return function(ix) ix:collect_digits{} ix:collect_digits{total_timeout=60} ix:play_announcement{text="old"} ix:route{targets={target.group "All_Agents"}} end)");
    world.text("carl", "hello");
    world.command(messages::ScriptsLoaded{
        scripts_with(
            {{"main",
              R"(return function(ix) ix:play_announcement{text="new"} ix:route{targets={target.group "All_Agents"}} end)"}}),
        nullptr});
    world.text("carl", "go on");
    world.text("dora", "hello");
    ASSERT_THAT(world.left.texts, SizeIs(2));
    EXPECT_EQ(world.left.texts[0].text, "old");
    EXPECT_EQ(world.left.texts[1].text, "new");
    EXPECT_EQ(world.left.rows<records::InteractionStarted>()[0].generation, 1);
    EXPECT_EQ(world.left.rows<records::InteractionStarted>()[1].generation, 2);
}

TEST_F(Sessions, StayInTheOldGenerationWhenANewOneIsRefused) {
    World& world = start(route_to_all);
    world.command(messages::ScriptsLoaded{scripts_with({{"main", "return function(ix) end end"}}), nullptr});
    ASSERT_THAT(world.left.rows<records::ScriptGeneration>(), SizeIs(2));
    EXPECT_EQ(world.left.rows<records::ScriptGeneration>()[1].outcome, "refused");
    EXPECT_THAT(world.left.rows<records::ScriptGeneration>()[1].errors, StartsWith("strategies/main.lua:1:"));
    world.text("carl", "hello");
    EXPECT_EQ(world.interactions()[0].state, "waiting");
}

TEST_F(Sessions, OfAnUnknownStrategyAreRoutedByDefaultAndTheServerIsDegradedUntilItIsNamedRight) {
    model::Site site = small_site();
    dn_of(site, "1111").strategy = "im_lost";
    World& world = start(route_to_all, site);
    EXPECT_THAT(world.engine.status(world.now).degraded,
                ElementsAre("routing point 1111 names the strategy 'im_lost', which is not loaded"));
    world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    EXPECT_TRUE(world.ringing("1001"));
    ASSERT_THAT(world.left.rows<records::LogEvent>(), SizeIs(1));
    EXPECT_EQ(world.left.rows<records::LogEvent>()[0].application, "trunklined") << "without node.name";
    EXPECT_EQ(world.left.rows<records::LogEvent>()[0].id, 40101);
    world.leave(World::pager_key("carl"));
    dn_of(site, "1111").strategy = "main";
    world.command(messages::ConfigChanged{std::make_shared<const model::Snapshot>(site)});
    EXPECT_THAT(world.engine.status(world.now).degraded, IsEmpty());
}

TEST_F(Sessions, ThatEndWithoutAnAgentTellTheirCustomerInTheWordsOfTheRoutingPoint) {
    model::Site site = small_site();
    dn_of(site, "1111").options["TServer"]["im-failed-text"] = "Nobody is here.";
    dn_of(site, "1111").options["TServer"]["im-idle-timeout"] = "60";
    dn_of(site, "1111").options["TServer"]["default-dn"] = "7777";
    const auto last_text = [](World& world) {
        return world.left.texts.empty() ? "" : world.left.texts.back().text;
    };
    World& failed = start("return function(ix) end", site);
    failed.text("carl", "hello");
    EXPECT_EQ(last_text(failed), "Nobody is here.");
    World& silent = start(route_to_all, site);
    silent.text("carl", "hello");
    silent.pass(seconds(59));
    EXPECT_EQ(last_text(silent), "");
    silent.pass(seconds(1));
    EXPECT_EQ(last_text(silent), "Nobody is here.");
}

}  // namespace
}  // namespace trunkline::testing
