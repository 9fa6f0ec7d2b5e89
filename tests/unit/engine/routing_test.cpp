#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using messages::MessageId;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Routing : public EngineTest {};

std::string route(const std::string& arguments) {
    return "return function(ix) local r, why = ix:route{" + arguments +
           "} if not r then ix:play_announcement{text = why} end end";
}

TEST_F(Routing, OffersTheLongestIdleAgentFirst) {
    World& world = start(route_to_all);
    world.ready_agent("1002", "1002");
    world.pass(seconds(10));
    world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    EXPECT_TRUE(world.ringing("1002"));
    EXPECT_FALSE(world.ringing("1001"));
    const auto decision = world.left.rows<records::Decision>()[0];
    EXPECT_EQ(decision.winner, "bob");
    EXPECT_EQ(decision.figure, 10);
    EXPECT_EQ(decision.candidates, 2);
    EXPECT_EQ(decision.next_best.is, R"([{"agent":"ann","figure":0.000}])");
    EXPECT_EQ(decision.ruled_out.is, R"({"logged_out":1})");
}

TEST_F(Routing, AnAgentWithoutWorkComesBeforeOneWithAChat) {  // lessons B4.37
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    world.answer(ann, "1001", world.ringing("1001"));
    world.pass(seconds(100));
    world.ready_agent("1002", "1002");
    world.clear();
    world.text("dora", "hello");
    EXPECT_TRUE(world.ringing("1002"));
}

// lessons B4.39
TEST_F(Routing, UsesAFreedSlotInTheSameCommandForWhoWaitsLongest) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("a", "1");
    const ConnId first = world.ringing("1001");
    world.answer(ann, "1001", first);
    world.text("b", "2");
    world.answer(ann, "1001", world.ringing("1001"));
    world.text("c", "3");
    world.pass(seconds(1));
    world.text("d", "4");
    world.clear();
    world.release(ann, "1001", first);  // capacity: two chats
    ASSERT_TRUE(world.ringing("1001"));
    EXPECT_EQ(world.left.events_of(ann, MessageId::event_ringing)[0].other_dn, "c");
}

TEST_F(Routing, HighestPriorityComesFirstThenWhoWaitsLongest) {
    World& world =
        start(route(R"(targets = {target.group "All_Agents"}, priority = ix.ani == "rich" and 10 or 0)"));
    world.text("a", "1");
    world.pass(seconds(5));
    world.text("rich", "2");
    const ClientId ann = world.ready_agent("1001", "1001");
    const auto rang = world.left.events_of(ann, MessageId::event_ringing);
    ASSERT_THAT(rang, SizeIs(2));
    EXPECT_EQ(rang[0].other_dn, "rich");
    EXPECT_EQ(rang[1].other_dn, "a");
}

TEST_F(Routing, BySkillReachesOnlyThoseWhoHaveIt) {
    World& world = start(route(R"(targets = {target.skill "billing >= 5 and english >= 1"})"));
    world.ready_agent("1002", "1002");
    world.ready_agent("1003", "1003");
    world.text("carl", "hello");
    EXPECT_EQ(world.interactions()[0].state, "waiting");
    const ClientId ann = world.ready_agent("1001", "1001");
    const auto rang = world.left.events_of(ann, MessageId::event_ringing);
    ASSERT_THAT(rang, SizeIs(1));
    EXPECT_EQ(rang[0].user_data->text("RRequestedSkillCombination"), "billing >= 5 and english >= 1");
}

TEST_F(Routing, ByVirtualGroupFollowsAChangeOfSkills) {
    model::Site site = small_site();
    World& world = start(route(R"(targets = {target.group "Billing"})"), site);
    world.ready_agent("1002", "1002");
    world.text("carl", "hello");
    EXPECT_FALSE(world.ringing("1002"));
    site.tenants[0].persons[1].skills["billing"] = 9;
    world.command(messages::ConfigChanged{std::make_shared<const model::Snapshot>(site)});
    EXPECT_TRUE(world.ringing("1002"));
}

TEST_F(Routing, ByAgentSaysByNameWhyNot) {
    World& world = start(route(R"(targets = {target.agent "ann", target.agent "bob"})"));
    const ClientId ann = world.ready_agent("1001", "1001");
    world.not_ready(ann, "1001");
    world.ready_agent("1002", "1002");
    world.text("carl", "hello");
    EXPECT_TRUE(world.ringing("1002"));
    EXPECT_EQ(world.left.rows<records::Decision>()[0].ruled_out.is,
              R"({"not_ready":1,"agents":{"ann":"not_ready"}})");
}

TEST_F(Routing, ExplainsEveryAgentByNameWhereTheStrategyOrAReplayAsks) {
    for (const bool by_replay : {false, true}) {
        const std::string asks = by_replay ? "" : ", explain = true";
        World& world =
            start(route(R"(targets = {target.group "All_Agents"})" + asks), small_site(), by_replay);
        const ClientId ann = world.ready_agent("1001", "1001");
        world.not_ready(ann, "1001");
        world.ready_agent("1002", "1002");
        world.text("carl", "hello");
        EXPECT_EQ(world.left.rows<records::Decision>()[0].ruled_out.is,
                  R"({"logged_out":1,"not_ready":1,"agents":{"ann":"not_ready","eve":"logged_out"}})");
    }
}

TEST_F(Routing, PassesOverAnAgentWhoDidNotAnswerAndTellsTheRoutingPoint) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.pass(seconds(1));
    world.ready_agent("1002", "1002");
    const ClientId monitor = world.client();
    world.register_dn(monitor, "1111");
    world.text("carl", "hello");
    world.clear();
    world.pass(seconds(20));  // after-routing-timeout
    EXPECT_EQ(world.left.sequence(ann), "EventReleased@1001");
    EXPECT_EQ(world.left.events_of(ann, MessageId::event_released)[0].call_state, 7);
    EXPECT_EQ(world.left.sequence(monitor), "EventRouteRequest@1111 EventRouteUsed@1111 EventDiverted@1111");
    EXPECT_TRUE(world.ringing("1002"));
}

TEST_F(Routing, RingsAnAgentWhoDidNotAnswerAgainWhenThereIsNoOther) {
    World& world = start(route_to_all);
    world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    world.clear();
    world.pass(seconds(20));
    EXPECT_TRUE(world.ringing("1001"));
}

TEST_F(Routing, PutsAnAgentWhoDidNotAnswerNotReadyWhereTheDnSaysSo) {
    model::Site site = small_site();
    dn_of(site, "1001").options["TServer"]["no-answer-timeout"] = "5";
    dn_of(site, "1001").options["TServer"]["no-answer-action"] = "notready";
    World& world = start(route_to_all, site);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    world.clear();
    world.pass(seconds(5));
    EXPECT_EQ(world.left.sequence(ann), "EventReleased@1001 EventAgentNotReady@1001");
    EXPECT_EQ(world.interactions()[0].state, "waiting");
    world.ready(ann, "1001");
    EXPECT_TRUE(world.ringing("1001"));
}

TEST_F(Routing, ReturnsRejectedWhenEveryAgentOfItsTargetsDeclined) {
    World& world = start(route(R"(targets = {target.group "All_Agents"})"));
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    world.clear();
    world.release(ann, "1001", parse_conn_id(world.interactions()[0].conn_id));
    ASSERT_THAT(world.left.texts, SizeIs(1));
    EXPECT_EQ(world.left.texts[0].text, "rejected");
    EXPECT_EQ(world.left.rows<records::Route>()[0].result, "rejected");
}

TEST_F(Routing, GoesToTheNextAgentWhenOneDeclines) {  // lessons B2.20
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.pass(seconds(1));
    world.ready_agent("1002", "1002");
    world.text("carl", "hello");
    world.release(ann, "1001", world.ringing("1001"));
    EXPECT_TRUE(world.ringing("1002"));
}

TEST_F(Routing, EndsByItsTimeoutWithTheReason) {
    World& world = start(route(R"(targets = {target.group "All_Agents"}, timeout = 30)"));
    world.text("carl", "hello");
    world.pass(seconds(29));
    EXPECT_EQ(world.interactions()[0].state, "waiting");
    world.pass(seconds(1));
    EXPECT_EQ(world.left.texts[0].text, "timeout");
}

TEST_F(Routing, LetsARingingAgentAnswerAfterTheTimeout) {
    World& world = start(route(R"(targets = {target.group "All_Agents"}, timeout = 5)"));
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    world.pass(seconds(6));
    EXPECT_EQ(world.answer(ann, "1001", world.ringing("1001")), 0);
    EXPECT_THAT(world.left.texts, IsEmpty());
}

TEST_F(Routing, ToATargetThatDoesNotExistIsNoTarget) {
    World& world = start(
        R"(return function(ix) local name = "No" .. "body" local r, why = ix:route{targets = {target.group(name)}} ix:play_announcement{text = why} end)");
    world.text("carl", "hello");
    EXPECT_EQ(world.left.texts[0].text, "no_target");
}

TEST_F(Routing, EndsWithNoTargetWhenTheTargetWentWhileItsAgentRang) {
    model::Site site = small_site();
    World& world = start(route(R"(targets = {target.group "Billing"})"), site);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    const ConnId conn = world.ringing("1001");
    ASSERT_TRUE(conn);
    std::erase_if(site.tenants[0].agent_groups, [](const auto& group) { return group.name == "Billing"; });
    world.command(messages::ConfigChanged{std::make_shared<const model::Snapshot>(site)});
    world.clear();
    world.release(ann, "1001", conn);
    ASSERT_THAT(world.left.texts, ::testing::Not(IsEmpty()));
    EXPECT_EQ(world.left.texts[0].text, "no_target");
}

TEST_F(Routing, NeverOffersToAnAgentWhomNobodyHears) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.close(ann);
    world.text("carl", "hello");
    EXPECT_EQ(world.interactions()[0].state, "waiting");
    const ClientId again = world.client();
    world.register_dn(again, "1001");
    EXPECT_TRUE(world.ringing("1001"));
}

TEST_F(Routing, ByDefaultRingsTheDnWhateverItsState) {
    World& world = start("return function(ix) end");
    const ClientId ann = world.ready_agent("1001", "1001");
    world.not_ready(ann, "1001");
    world.text("carl", "hello");
    EXPECT_TRUE(world.ringing("1001"));
    world.answer(ann, "1001", world.ringing("1001"));
    EXPECT_EQ(world.left.rows<records::Route>()[0].result, "default");
}

// lessons B4.38
TEST_F(Routing, KeepsTheLegalLoadOfItsCapacityRule) {
    World& world = start(route_to_all);
    world.ready_agent("1001", "1001");
    for (const char* customer : {"a", "b", "c", "d"}) world.text(customer, "hello");
    EXPECT_EQ(world.engine.agents(world.now)[0].chats, 2);
    EXPECT_EQ(world.engine.status(world.now).waiting, 4);  // two of them ring
}

TEST_F(Routing, GivesAnAgentWhoDidNotAnswerToWhoWaitsForHimBeforeTheOneHeDidNotTake) {
    World& world =
        start(route(R"(targets = {target.group "All_Agents"}, priority = ix.ani == "rich" and 10 or 0)"));
    const ClientId ann = world.ready_agent("1001", "1001");
    for (const char* customer : {"a", "b", "rich"}) world.text(customer, "hello");  // capacity: two chats
    world.clear();
    world.pass(seconds(20));  // after-routing-timeout
    const auto rang = world.left.events_of(ann, MessageId::event_ringing);
    ASSERT_THAT(rang, SizeIs(2));
    EXPECT_EQ(rang[0].other_dn, "rich");
}

TEST_F(Routing, AfterAFailedDefaultRouteIsOrdinaryRouting) {
    model::Site site = small_site();
    dn_of(site, "1111").options["TServer"]["default-dn"] = "7777";
    World& world = start(R"(
return function(ix)
  local _, why = ix:default_route()
  ix.userdata.why = why
  ix:route{targets = {target.group "All_Agents"}}
end)",
                         site);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    EXPECT_EQ(world.left.rows<records::Userdata>()[0].value, "no_target");
    const ConnId conn = world.ringing("1001");
    world.answer(ann, "1001", conn);
    world.release(ann, "1001", conn);
    EXPECT_EQ(world.left.rows<records::Route>().back().result, "selected");
    EXPECT_EQ(world.left.rows<records::InteractionEnded>()[0].outcome, "handled");
}

TEST_F(Routing, AnAgentWhoDeclinedIsAskedAgainAfterAMinuteThoughTheOthersStayBusy) {
    World& world =
        start(route(R"(targets = {ix.ani == "carl" and target.group "All_Agents" or target.agent "bob"})"));
    const ClientId ann = world.ready_agent("1001", "1001");
    const ClientId bob = world.ready_agent("1002", "1002");
    world.not_ready(bob, "1002");
    world.text("carl", "hello");
    const ConnId conn = world.ringing("1001");
    world.ready(bob, "1002");
    for (const char* busy : {"x", "y"}) {
        world.text(busy, "hello");
        world.answer(bob, "1002", world.ringing("1002"));
    }
    world.release(ann, "1001", conn);  // declines; bob has no room
    world.clear();
    world.pass(seconds(59));
    EXPECT_FALSE(world.ringing("1001"));
    world.pass(seconds(1));
    EXPECT_EQ(world.ringing("1001"), conn);
}

TEST_F(Routing, ACapacityRuleThatFailsKeepsItsAgentsFreeAndIsToldOnce) {
    model::Site site = small_site();
    site.tenants[0].capacity_rules[0].script = "is_not_there";
    World& world = start(route_to_all, site);
    world.ready_agent("1001", "1001");
    world.ready_agent("1002", "1002");
    for (const char* customer : {"a", "b"}) world.text(customer, "hello");
    EXPECT_EQ(world.engine.status(world.now).waiting, 2);
    EXPECT_EQ(
        std::count_if(world.left.logs.begin(), world.left.logs.end(),
                      [](const auto& log) { return log.text.starts_with("capacity rule is_not_there"); }),
        1);
}

}  // namespace
}  // namespace trunkline::testing
