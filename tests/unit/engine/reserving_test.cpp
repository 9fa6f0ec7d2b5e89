// Agents reserved by clients, and DNs that are not to be disturbed.
#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using messages::MessageId;
using messages::TMessage;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Reserving : public EngineTest {
  protected:
    /// Ann is ready; a router has registered her DN and routing point 1112, which has no strategy.
    World& with_router(model::Site site = small_site()) {
        World& world = start(route_to_all, std::move(site));
        ann_ = world.ready_agent("1001", "1001");
        router_ = world.client();
        world.register_dn(router_, "1001");
        world.register_dn(router_, "1112");
        world.clear();
        return world;
    }
    static int reserve(World& world, ClientId client, std::int64_t milliseconds, std::int64_t priority = 0,
                       const std::string& dn = "1001") {
        TMessage request;
        request.message = MessageId::request_reserve_agent;
        request.this_dn = dn;
        request.timeout = milliseconds;
        request.priority = priority;
        return world.request(client, std::move(request));
    }
    /// A customer at routing point 1112, whom this client then routes.
    static int route(World& world, ClientId client, const std::string& to) {
        world.text("rob", "hello", "1112");
        TMessage request;
        request.message = MessageId::request_route_call;
        request.this_dn = "1112";
        request.conn_id = parse_conn_id(world.interactions().back().conn_id);
        request.other_dn = to;
        return world.request(client, std::move(request));
    }
    static ClientId other_router(World& world) {
        const ClientId other = world.client();
        world.register_dn(other, "1001");
        world.register_dn(other, "1112");
        return other;
    }
    ClientId ann_, router_;
};

TEST_F(Reserving, KeepsStrategiesAwayUntilItsTimeIsOver) {
    World& world = with_router();
    EXPECT_EQ(reserve(world, router_, 5'000), 0);
    const TMessage event = world.left.events_of(router_, MessageId::event_agent_reserved)[0];
    EXPECT_TRUE(event.reference_id);
    EXPECT_EQ(event.agent_id, "1001");
    EXPECT_EQ(event.place, "P1001");
    EXPECT_EQ(event.timeout, 5'000);
    EXPECT_THAT(world.left.events_of(ann_, MessageId::event_agent_reserved),
                SizeIs(1));  // her desktop sees it
    world.text("carl", "hello");
    EXPECT_FALSE(world.ringing("1001"));
    world.pass(milliseconds(4'999));
    EXPECT_FALSE(world.ringing("1001"));
    world.pass(milliseconds(1));
    EXPECT_TRUE(world.ringing("1001"));
}

TEST_F(Reserving, IsSaidInTheDecisionOfWhoRingsInstead) {
    World& world = with_router();
    reserve(world, router_, 5'000);
    world.ready_agent("1002", "1002");
    world.clear();
    world.text("carl", "hello");
    EXPECT_TRUE(world.ringing("1002"));
    EXPECT_EQ(world.left.rows<records::Decision>()[0].ruled_out.is, R"({"logged_out":1,"reserved":1})");
}

TEST_F(Reserving, EndsWithTheRouteOfItsClient) {
    World& world = with_router();
    reserve(world, router_, 600'000);
    EXPECT_EQ(route(world, router_, "1001"), 0);
    const ConnId routed = world.ringing("1001");
    EXPECT_TRUE(routed);
    EXPECT_EQ(world.answer(ann_, "1001", routed), 0);
    world.text("carl", "hello");  // her second place is free for strategies again
    EXPECT_NE(world.ringing("1001"), routed);
}

TEST_F(Reserving, KeepsTheRoutesAndRedirectsOfOthersAway) {
    World& world = with_router();
    const ClientId bob = world.ready_agent("1002", "1002");
    reserve(world, router_, 600'000);
    const ClientId other = other_router(world);
    EXPECT_EQ(route(world, other, "1001"), 1700);
    world.text("carl", "hello");
    TMessage redirect;
    redirect.message = MessageId::request_redirect_call;
    redirect.this_dn = "1002";
    redirect.other_dn = "1001";
    redirect.conn_id = world.ringing("1002");
    EXPECT_EQ(world.request(bob, redirect), 1700);
    EXPECT_FALSE(world.ringing("1001"));
}

TEST_F(Reserving, QueuesDefaultRoutingAtTheDnUntilItsEnd) {
    World& world = start("return function(ix) ix:default_route() end");
    ann_ = world.ready_agent("1001", "1001");
    router_ = world.client();
    world.register_dn(router_, "1001");
    reserve(world, router_, 20'000);
    world.text("carl", "hello");
    EXPECT_FALSE(world.ringing("1001"));
    EXPECT_EQ(reserve(world, router_, 0), 0);
    EXPECT_TRUE(world.ringing("1001"));
}

TEST_F(Reserving, IsRenewedByItsClientAndNotByAnother) {
    World& world = with_router();
    const ClientId other = other_router(world);
    reserve(world, router_, 5'000, 3);
    EXPECT_EQ(reserve(world, other, 5'000, 3), 1700);
    world.pass(seconds(4));
    EXPECT_EQ(reserve(world, router_, 5'000), 0);
    world.text("carl", "hello");
    world.pass(seconds(4));
    EXPECT_FALSE(world.ringing("1001"));
    EXPECT_EQ(reserve(world, other, 5'000, 3), 0);  // the renewal had no priority
    EXPECT_EQ(reserve(world, router_, 0), 1700);
}

TEST_F(Reserving, GoesToTheHigherPriority) {
    World& world = with_router();
    const ClientId other = other_router(world);
    reserve(world, router_, 5'000, 1);
    world.clear();
    EXPECT_EQ(reserve(world, other, 5'000, 2), 0);
    const auto told = world.left.events_of(router_, MessageId::event_agent_reserved);
    ASSERT_THAT(told, SizeIs(1));  // who lost it sees that
    EXPECT_FALSE(told[0].reference_id);
    EXPECT_EQ(route(world, router_, "1001"), 1700);
    EXPECT_FALSE(world.ringing("1001"));
}

TEST_F(Reserving, IsCutToTenMinutes) {
    World& world = with_router();
    EXPECT_EQ(reserve(world, router_, 86'400'000), 0);
    EXPECT_EQ(world.left.events_of(router_, MessageId::event_agent_reserved)[0].timeout, 600'000);
    world.pass(seconds(595));
    world.text("carl", "hello");
    EXPECT_FALSE(world.ringing("1001"));
    world.pass(seconds(5));
    EXPECT_TRUE(world.ringing("1001"));
}

TEST_F(Reserving, IsGivenBackByAClientThatGoes) {
    for (const bool closes : {true, false}) {
        World& world = with_router();
        reserve(world, router_, 600'000);
        world.text("carl", "hello");
        EXPECT_FALSE(world.ringing("1001"));
        TMessage unregister;
        unregister.message = MessageId::request_unregister_address;
        unregister.this_dn = "1001";
        if (closes)
            world.close(router_);
        else
            EXPECT_EQ(world.request(router_, unregister), 0);
        EXPECT_TRUE(world.ringing("1001"));
    }
}

TEST_F(Reserving, OfSeveralGivenBackAtOnceTheLongestIdleIsOfferedFirst) {
    World& world = start(route_to_all);
    world.ready_agent("1002", "1002");
    world.pass(seconds(10));
    world.ready_agent("1001", "1001");
    const ClientId holder = world.client();
    for (const char* dn : {"1001", "1002"}) {
        world.register_dn(holder, dn);
        EXPECT_EQ(reserve(world, holder, 60'000, 0, dn), 0);
    }
    world.text("carl", "hello");
    EXPECT_EQ(world.interactions()[0].state, "waiting");
    world.close(holder);
    EXPECT_TRUE(world.ringing("1002"));
    EXPECT_FALSE(world.ringing("1001"));
}

TEST_F(Reserving, EndsWithTheLogOutOfItsAgent) {
    World& world = with_router();
    reserve(world, router_, 600'000);
    EXPECT_EQ(world.log_out(ann_, "1001"), 0);
    world.log_in(ann_, "1001", "1001", 2);
    world.text("carl", "hello");
    EXPECT_TRUE(world.ringing("1001"));
}

TEST_F(Reserving, IsOfTheAgentAtAllHisDns) {
    model::Site site = small_site();
    site.tenants[0].places[0].dns.push_back("1002");
    site.tenants[0].places.erase(site.tenants[0].places.begin() + 1);
    site.tenants[0].persons[1].default_place = "P1001";
    World& world = with_router(site);
    world.register_dn(ann_, "1002");
    EXPECT_EQ(world.log_in(ann_, "1002", "1001", 2), 0);
    reserve(world, router_, 5'000);
    world.text("carl", "hello");
    EXPECT_FALSE(world.ringing("1001") || world.ringing("1002"));
    world.register_dn(router_, "1002");
    const ClientId other = world.client();
    world.register_dn(other, "1002");
    EXPECT_EQ(reserve(world, other, 5'000, 0, "1002"), 1700);
    world.pass(seconds(5));
    EXPECT_TRUE(world.ringing("1001") || world.ringing("1002"));
    world.log_out(ann_, "1002");
}

TEST_F(Reserving, WhatNobodyHoldsIsGivenBackWithoutAnError) {
    World& world = with_router();
    EXPECT_EQ(reserve(world, router_, 0), 0);
    EXPECT_EQ(world.left.events_of(router_, MessageId::event_agent_reserved)[0].timeout, 0);
}

TEST_F(Reserving, OfAnAgentWhoIsNotReadyIsPossible) {
    World& world = with_router();
    world.not_ready(ann_, "1001");
    EXPECT_EQ(reserve(world, router_, 5'000), 0);
    world.ready(ann_, "1001");
    world.text("carl", "hello");
    EXPECT_FALSE(world.ringing("1001"));
}

TEST_F(Reserving, SaysWhatIsWrongWithARequest) {
    World& world = with_router();
    world.register_dn(router_, "1003");
    const auto ask = [&](void (*change)(TMessage&)) {
        TMessage request;
        request.message = MessageId::request_reserve_agent;
        request.this_dn = "1001";
        request.timeout = 1'000;
        change(request);
        return world.request(router_, std::move(request));
    };
    EXPECT_EQ(ask([](TMessage& r) { r.this_dn = ""; }), 53);
    EXPECT_EQ(ask([](TMessage& r) { r.this_dn = "7777"; }), 59);
    EXPECT_EQ(ask([](TMessage& r) { r.this_dn = "1002"; }), 41);
    EXPECT_EQ(ask([](TMessage& r) { r.this_dn = "1003"; }), 1707);
    EXPECT_EQ(ask([](TMessage& r) { r.timeout.reset(); }), 53);
    EXPECT_EQ(ask([](TMessage& r) { r.timeout = -1; }), 53);
    EXPECT_EQ(ask([](TMessage& r) { r.agent_id = "1002"; }), 192);
    EXPECT_EQ(ask([](TMessage& r) { r.agent_id = "nobody"; }), 192);
    EXPECT_EQ(ask([](TMessage& r) { r.place = "P1002"; }), 53);
    world.text("carl", "hello");
    EXPECT_TRUE(world.ringing("1001"));  // nothing was reserved
    EXPECT_EQ(ask([](TMessage& r) {
                  r.agent_id = "1001";
                  r.place = "P1001";
              }),
              0);
}

class DoNotDisturb : public EngineTest {
  protected:
    static int set(World& world, ClientId client, bool on) {
        TMessage request;
        request.message = on ? MessageId::request_set_dnd_on : MessageId::request_set_dnd_off;
        request.this_dn = "1001";
        return world.request(client, std::move(request));
    }
};

TEST_F(DoNotDisturb, KeepsEverythingFromTheDnUntilItIsOff) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.clear();
    EXPECT_EQ(set(world, ann, true), 0);
    EXPECT_EQ(world.left.sequence(ann), "EventDNDOn@1001");
    world.text("carl", "hello");
    EXPECT_FALSE(world.ringing("1001"));
    world.clear();
    EXPECT_EQ(set(world, ann, false), 0);
    EXPECT_EQ(world.left.sequence(ann), "EventDNDOff@1001 EventRinging@1001");
}

TEST_F(DoNotDisturb, IsAnErrorForClientsWhoRouteThere) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001"), router = world.client();
    world.register_dn(router, "1112");
    set(world, ann, true);
    world.text("carl", "hello", "1112");
    TMessage request;
    request.message = MessageId::request_route_call;
    request.this_dn = "1112";
    request.conn_id = parse_conn_id(world.interactions()[0].conn_id);
    request.other_dn = "1001";
    EXPECT_EQ(world.request(router, request), 93);
}

TEST_F(DoNotDisturb, FailsDefaultRouting) {
    World& world = start("return function(ix) ix:default_route() end");
    const ClientId ann = world.ready_agent("1001", "1001");
    set(world, ann, true);
    world.text("carl", "hello");
    EXPECT_THAT(world.interactions(), IsEmpty());
    EXPECT_EQ(world.left.rows<records::InteractionEnded>()[0].outcome, "failed");
}

TEST_F(DoNotDisturb, LetsWhatRingsGoOnAndEndsAtLogOut) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    set(world, ann, true);
    EXPECT_EQ(set(world, ann, true), 0);  // answered by the event again
    EXPECT_EQ(world.answer(ann, "1001", world.ringing("1001")), 0);
    world.release(ann, "1001", world.ringing("1001"));
    world.clear();
    world.log_out(ann, "1001");
    EXPECT_EQ(world.left.sequence(ann), "EventDNDOff@1001 EventAgentLogout@1001");
    EXPECT_EQ(set(world, ann, true), 1707);
}

}  // namespace
}  // namespace trunkline::testing
