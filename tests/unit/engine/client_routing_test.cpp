// Routing points without a strategy: T-Library clients say where sessions go and what customers hear.
#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using messages::MessageId;
using messages::TMessage;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ClientRouting : public EngineTest {
  protected:
    /// A router at routing point 1112, which has no strategy, and one waiting customer.
    World& with_router(model::Site site = small_site()) {
        World& world = start(route_to_all, std::move(site));
        router_ = world.client();
        world.register_dn(router_, "1112");
        world.clear();
        world.text("carl", "hello", "1112");
        conn_ = parse_conn_id(world.interactions()[0].conn_id);
        return world;
    }
    int route(World& world, const std::string& to, std::int64_t type = 0) {
        TMessage request;
        request.message = MessageId::request_route_call;
        request.this_dn = "1112";
        request.conn_id = conn_;
        request.other_dn = to;
        request.route_type = type;
        KvList data;
        data.add("topic", "billing");
        request.user_data = std::make_shared<const KvList>(std::move(data));
        return world.request(router_, std::move(request));
    }
    int treat(World& world, std::int64_t type,
              std::initializer_list<std::pair<const char*, const char*>> parms) {
        TMessage request;
        request.message = MessageId::request_apply_treatment;
        request.this_dn = "1112";
        request.conn_id = conn_;
        request.treatment_type = type;
        KvList list;
        for (const auto& [key, value] : parms) list.add(key, value);
        request.treatment_parms = std::make_shared<const KvList>(std::move(list));
        return world.request(router_, std::move(request));
    }
    ClientId router_;
    ConnId conn_;
};

TEST_F(ClientRouting, RingsTheDnThatTheClientChose) {
    World& world = with_router();
    const ClientId ann = world.ready_agent("1001", "1001");
    world.not_ready(ann, "1001");  // a client's choice is no selection: his state does not matter
    EXPECT_EQ(route(world, "1001"), 0);
    EXPECT_EQ(world.left.sequence(router_),
              "EventQueued@1112 EventRouteRequest@1112 EventPrivateInfo@1112 EventAttachedDataChanged@1112 "
              "EventRouteUsed@1112 EventDiverted@1112");
    const TMessage used = world.left.events_of(router_, MessageId::event_route_used)[0];
    EXPECT_EQ(used.third_party_dn, "1001");
    EXPECT_TRUE(used.reference_id);
    EXPECT_EQ(world.left.events_of(ann, MessageId::event_ringing)[0].user_data->text("topic"), "billing");
    EXPECT_EQ(world.answer(ann, "1001", conn_), 0);
    EXPECT_EQ(world.release(ann, "1001", conn_), 0);
    EXPECT_EQ(world.left.rows<records::InteractionEnded>()[0].outcome, "handled");
    EXPECT_EQ(world.left.rows<records::Route>()[0].result, "selected");
}

TEST_F(ClientRouting, AsksAgainWhenTheTargetDoesNotAnswer) {
    World& world = with_router();
    const ClientId ann = world.ready_agent("1001", "1001"), bob = world.ready_agent("1002", "1002");
    route(world, "1001");
    world.clear();
    world.pass(seconds(10));  // after-routing-timeout
    EXPECT_EQ(world.left.events_of(ann, MessageId::event_released)[0].call_state, 7);
    EXPECT_EQ(world.left.sequence(router_), "EventRouteRequest@1112");
    EXPECT_EQ(route(world, "1002"), 0);
    EXPECT_EQ(world.answer(bob, "1002", conn_), 0);
}

TEST_F(ClientRouting, AsksAgainWhenTheTargetDeclines) {
    World& world = with_router();
    const ClientId ann = world.ready_agent("1001", "1001");
    route(world, "1001");
    world.clear();
    EXPECT_EQ(world.release(ann, "1001", conn_), 0);
    EXPECT_EQ(world.left.sequence(router_), "EventRouteRequest@1112");
    EXPECT_EQ(route(world, "1001"), 0);
}

TEST_F(ClientRouting, WaitsOnWhereTheTargetIsNotAble) {
    World& world = with_router();
    EXPECT_EQ(route(world, "7777"), 71);
    EXPECT_EQ(route(world, "1111"), 71);
    EXPECT_EQ(route(world, "1001"), 93);  // nobody hears it
    EXPECT_EQ(route(world, "1001", 13), 93);
    EXPECT_EQ(route(world, "1001", 4), 53);
    EXPECT_EQ(world.interactions()[0].state, "treatment");
    world.ready_agent("1001", "1001");
    EXPECT_EQ(route(world, "1001", 13), 0);  // by the code of the Agent Login
    EXPECT_TRUE(world.ringing("1001"));
    EXPECT_EQ(route(world, "1001"), 496);
}

TEST_F(ClientRouting, WithoutADestinationIsToTheDefaultDn) {
    World& world = with_router();
    world.ready_agent("1002", "1002");
    EXPECT_EQ(route(world, "", 1), 0);
    EXPECT_TRUE(world.ringing("1002"));
}

TEST_F(ClientRouting, RejectsWithRouteTypeReject) {
    World& world = with_router();
    EXPECT_EQ(route(world, "", 7), 0);
    EXPECT_THAT(world.interactions(), IsEmpty());
    EXPECT_THAT(world.left.texts.back().text, ::testing::StartsWith("We are sorry"));
    EXPECT_EQ(world.left.rows<records::InteractionEnded>()[0].outcome, "rejected");
}

TEST_F(ClientRouting, IsRefusedWhileAStrategyRoutes) {
    World& world = with_router();
    world.register_dn(router_, "1111");
    world.text("dora", "hello");
    TMessage request;
    request.message = MessageId::request_route_call;
    request.this_dn = "1111";
    request.conn_id = parse_conn_id(world.left.rows<records::InteractionStarted>().back().conn_id);
    request.other_dn = "1001";
    EXPECT_EQ(world.request(router_, request), 496);
}

TEST_F(ClientRouting, ThatComesTooLateFindsDefaultRouting) {
    World& world = with_router();
    world.ready_agent("1002", "1002");
    world.pass(seconds(10));  // router-timeout
    EXPECT_TRUE(world.ringing("1002"));
    EXPECT_EQ(route(world, "1002"), 496);
}

TEST_F(ClientRouting, OfTwoClientsAtOnceTheFirstCounts) {
    World& world = with_router();
    const ClientId other = world.client();
    world.register_dn(other, "1112");
    world.ready_agent("1001", "1001");
    world.ready_agent("1002", "1002");
    EXPECT_EQ(route(world, "1001"), 0);
    router_ = other;
    EXPECT_EQ(route(world, "1002"), 496);
    EXPECT_FALSE(world.ringing("1002"));
}

TEST_F(ClientRouting, IsUsedOnAnswerWhereDivertOnRingingIsOff) {
    model::Site site = small_site();
    dn_of(site, "1112").options["TServer"]["divert-on-ringing"] = "false";
    World& world = with_router(site);
    const ClientId ann = world.ready_agent("1001", "1001");
    route(world, "1001");
    EXPECT_THAT(world.left.events_of(router_, MessageId::event_route_used), IsEmpty());
    world.pass(seconds(10));
    const auto errors = world.left.events_of(router_, MessageId::event_error);
    ASSERT_THAT(errors, SizeIs(1));
    EXPECT_EQ(errors[0].error_code, 232);
    EXPECT_TRUE(errors[0].reference_id);
    route(world, "1001");
    world.answer(ann, "1001", conn_);
    EXPECT_TRUE(world.left.events_of(router_, MessageId::event_route_used)[0].reference_id);
}

TEST_F(ClientRouting, OfAClientThatHasGoneIsAnsweredToNobody) {
    model::Site site = small_site();
    dn_of(site, "1112").options["TServer"]["divert-on-ringing"] = "false";
    World& world = with_router(site);
    const ClientId other = world.client();
    world.register_dn(other, "1112");
    const ClientId ann = world.ready_agent("1001", "1001");
    route(world, "1001");
    world.close(router_);
    world.clear();
    world.answer(ann, "1001", conn_);
    EXPECT_THAT(world.left.events_of(router_, MessageId::event_route_used), IsEmpty());
    EXPECT_THAT(world.left.events_of(other, MessageId::event_route_used), SizeIs(1));
}

TEST_F(ClientRouting, CollectsTheCustomersTextAsDigits) {
    World& world = with_router();
    world.clear();
    EXPECT_EQ(treat(world, 8, {{"PROMPT.1.TEXT", "What is it about?"}, {"TOTAL_TIMEOUT", "30"}}), 0);
    // The text that began the session is delivered to the first collect.
    EXPECT_EQ(world.left.sequence(router_),
              "EventTreatmentApplied@1112 EventPrivateInfo@1112 EventTreatmentEnd@1112");
    EXPECT_EQ(world.left.texts[0].text, "What is it about?");
    EXPECT_EQ(world.left.events_of(router_, MessageId::event_treatment_end)[0].collected_digits, "hello");
    world.clear();
    treat(world, 6, {{"TOTAL_TIMEOUT", "30"}});
    world.pass(seconds(20));  // longer than router-timeout, which waits for the treatment
    EXPECT_THAT(world.left.events_of(router_, MessageId::event_treatment_end), IsEmpty());
    world.text("carl", "my invoice", "1112");
    EXPECT_EQ(world.left.events_of(router_, MessageId::event_treatment_end)[0].collected_digits,
              "my invoice");
    const auto rows = world.left.rows<records::Treatment>();
    ASSERT_THAT(rows, SizeIs(1));
    EXPECT_EQ(rows[0].name, "collect_digits");
}

TEST_F(ClientRouting, EndsATreatmentWithoutTextAtItsTimeout) {
    World& world = with_router();
    treat(world, 6, {});
    world.clear();
    treat(world, 6, {{"TOTAL_TIMEOUT", "5"}});
    world.pass(seconds(5));
    EXPECT_EQ(world.left.events_of(router_, MessageId::event_treatment_end)[0].collected_digits, "");
    EXPECT_EQ(world.left.rows<records::Treatment>()[0].result, "timeout");
    world.pass(seconds(9));
    EXPECT_EQ(world.interactions()[0].state, "treatment");  // router-timeout begins anew
    world.pass(seconds(1));
    EXPECT_THAT(world.interactions(), IsEmpty());  // default routing found nobody
}

TEST_F(ClientRouting, DoesNotApplyTreatmentsThatTextsDoNotHave) {
    World& world = with_router();
    world.clear();
    EXPECT_EQ(treat(world, 2, {}), 0);  // music
    EXPECT_EQ(treat(world, 7, {}), 0);  // nothing to say
    EXPECT_EQ(world.left.sequence(router_), "EventTreatmentNotApplied@1112 EventTreatmentNotApplied@1112");
}

TEST_F(ClientRouting, LeavesNothingBehindWhenTheCustomerGoesDuringATreatment) {
    World& world = with_router();
    treat(world, 6, {});
    treat(world, 6, {{"TOTAL_TIMEOUT", "600"}});
    world.leave(World::pager_key("carl", "1112"));
    EXPECT_THAT(world.interactions(), IsEmpty());
}

TEST_F(ClientRouting, OfAStrategyThatAsksForItEndsInItsAnswer) {
    World& world = start(R"(
return function(ix)
  local routed, why = ix:route_by_client{timeout = 30}
  ix:attach{got = routed and routed.agent or why}
end)");
    router_ = world.client();
    world.register_dn(router_, "1111");
    const ClientId ann = world.ready_agent("1001", "1001");
    const auto got = [&] { return world.left.rows<records::Userdata>().back().value; };
    TMessage request;
    request.message = MessageId::request_route_call;
    request.this_dn = "1111";
    request.other_dn = "1001";
    world.text("carl", "hello");
    request.conn_id = parse_conn_id(world.interactions()[0].conn_id);
    EXPECT_THAT(world.left.events_of(router_, MessageId::event_route_request), SizeIs(2));
    EXPECT_EQ(world.request(router_, request), 0);
    world.answer(ann, "1001", request.conn_id);
    EXPECT_EQ(got(), "ann");
    world.text("dora", "hello");
    world.pass(seconds(30));
    EXPECT_EQ(got(), "timeout");
}

TEST_F(ClientRouting, OfAStrategyWithoutATimeoutEndsWithRouterTimeout) {
    World& world = start(R"(
return function(ix)
  local _, why = ix:route_by_client{}
  ix:attach{got = why}
end)");
    world.text("carl", "hello");
    world.pass(milliseconds(9'900));
    EXPECT_THAT(world.left.rows<records::Userdata>(), IsEmpty());
    world.pass(milliseconds(100));
    EXPECT_EQ(world.left.rows<records::Userdata>().back().value, "timeout");
}

TEST_F(ClientRouting, OfAStrategyLetsTheTargetAnswerAfterTheTimeout) {
    World& world = start(R"(
return function(ix)
  local routed, why = ix:route_by_client{timeout = 5}
  ix:attach{got = routed and routed.agent or why}
end)");
    router_ = world.client();
    world.register_dn(router_, "1111");
    const ClientId ann = world.ready_agent("1001", "1001");
    const auto got = [&] { return world.left.rows<records::Userdata>().back().value; };
    for (const bool answers : {true, false}) {
        world.text("carl", "hello");
        TMessage request;
        request.message = MessageId::request_route_call;
        request.this_dn = "1111";
        request.other_dn = "1001";
        request.conn_id = parse_conn_id(world.interactions()[0].conn_id);
        EXPECT_EQ(world.request(router_, request), 0);
        world.pass(seconds(6));
        if (answers) world.answer(ann, "1001", request.conn_id);
        world.release(ann, "1001", request.conn_id);
        EXPECT_EQ(got(), answers ? "ann" : "timeout");
    }
}

class RouterTimeout : public EngineTest {};

TEST_F(RouterTimeout, CoversAStrategysStartUpToItsFirstTreatmentRouteOrQueue) {
    World& world = start(R"(
return function(ix)
  ix:sleep(60)
  ix:play_announcement{text = "too late"}
end)");
    world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    world.pass(seconds(9));
    EXPECT_FALSE(world.ringing("1001"));
    world.pass(seconds(1));
    EXPECT_TRUE(world.ringing("1001"));  // default-dn
    EXPECT_THAT(world.left.texts, SizeIs(0));
}

TEST_F(RouterTimeout, NeverCoversAWaitingRouteNorWhatFollowsATreatment) {
    World& world = start(R"(
return function(ix)
  ix:play_announcement{text = "hello"}
  ix:sleep(60)
  ix:route{targets = {target.agent "bob"}}
end)");
    world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    world.pass(seconds(800));
    EXPECT_FALSE(world.ringing("1001"));
    EXPECT_EQ(world.interactions()[0].state, "waiting");
}

class SuspendForEvent : public EngineTest {
  protected:
    static std::string got(const World& world) { return world.left.rows<records::Userdata>().back().value; }
};

TEST_F(SuspendForEvent, HearsATextThoughNobodyWatches) {
    World& world = start(R"(
return function(ix)
  local ev, why = ix:suspend_for_event{type = "EventPrivateInfo", timeout = 5}
  ix:attach{got = ev and ev.Extensions.im or why}
  ix:route{targets = {target.group "All_Agents"}}
end)");
    world.text("carl", "hello");  // before the call: not seen
    world.text("carl", "again");
    EXPECT_EQ(got(world), "again");
}

TEST_F(SuspendForEvent, HearsAUserEventOfAClient) {
    World& world = start(R"(
return function(ix)
  local ev, why = ix:suspend_for_event{type = 96, timeout = 5}
  ix:attach{got = ev and ev.UserData.answer or why}
  ix:route{targets = {target.group "All_Agents"}}
end)");
    const ClientId client = world.client();
    world.register_dn(client, "1003");
    for (const bool heard : {true, false}) {
        world.text(heard ? "carl" : "dora", "hello");
        TMessage request;
        request.message = MessageId::request_distribute_user_event;
        request.this_dn = "1003";
        KvList data;
        data.add("answer", "42");
        request.user_data = std::make_shared<const KvList>(std::move(data));
        if (heard)
            request.conn_id = parse_conn_id(world.left.rows<records::InteractionStarted>().back().conn_id);
        EXPECT_EQ(world.request(client, request), 0);
        world.pass(seconds(5));
        EXPECT_EQ(got(world), heard ? "42" : "timeout");
    }
}

TEST_F(SuspendForEvent, EndsWithItsInteraction) {
    World& world = start(R"(
return function(ix)
  ix:play_announcement{text = "hello"}
  ix:suspend_for_event{type = "EventUserEvent"}
end)");
    world.text("carl", "hello");
    world.leave(World::pager_key("carl"));
    EXPECT_THAT(world.engine.residue(), ::testing::Not(::testing::Contains(::testing::HasSubstr("scripts"))));
}

class UserEvents : public EngineTest {};

TEST_F(UserEvents, GoToTheClientsOfTheOtherDn) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001"), bob = world.ready_agent("1002", "1002");
    world.text("carl", "hello");
    world.clear();
    TMessage request;
    request.message = MessageId::request_distribute_user_event;
    request.this_dn = "1002";
    request.other_dn = "1001";
    request.user_event = 77;
    request.conn_id = parse_conn_id(world.interactions()[0].conn_id);
    EXPECT_EQ(world.request(bob, request), 0);
    EXPECT_EQ(world.left.sequence(bob), "EventACK@1002");
    EXPECT_EQ(world.left.sequence(ann), "EventUserEvent@1001");
    EXPECT_EQ(world.left.events_of(ann, MessageId::event_user_event)[0].user_event, 77);
    request.other_dn = "7777";
    EXPECT_EQ(world.request(bob, request), 59);
    request.other_dn = "1001";
    request.conn_id = ConnId(12345);
    EXPECT_EQ(world.request(bob, request), 56);
}

}  // namespace
}  // namespace trunkline::testing
