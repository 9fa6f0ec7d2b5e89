// RequestRedirectCall: an agent sends a ringing session on, or back.
#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using messages::MessageId;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Redirect : public EngineTest {
  protected:
    static int redirect(World& world, ClientId client, const std::string& dn, ConnId conn,
                        const std::string& to) {
        messages::TMessage request;
        request.message = MessageId::request_redirect_call;
        request.this_dn = dn;
        request.conn_id = conn;
        request.other_dn = to;
        return world.request(client, std::move(request));
    }
};

TEST_F(Redirect, RingsTheOtherDnWhateverItsAgentsState) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001"), bob = world.ready_agent("1002", "1002");
    world.not_ready(bob, "1002");
    const ClientId watcher = world.client();
    world.register_dn(watcher, "1111");
    world.text("carl", "hello");
    const ConnId conn = world.ringing("1001");
    world.clear();
    EXPECT_EQ(redirect(world, ann, "1001", conn, "1002"), 0);
    EXPECT_EQ(world.left.sequence(ann), "EventReleased@1001");
    EXPECT_EQ(world.left.events_of(ann, MessageId::event_released)[0].call_state, 22);
    EXPECT_TRUE(world.left.events_of(ann, MessageId::event_released)[0].reference_id);
    EXPECT_EQ(world.left.sequence(bob), "EventRinging@1002");
    EXPECT_EQ(world.left.sequence(watcher), "");  // the routing point was left already
    EXPECT_EQ(world.left.rows<records::PartyLeft>()[0].cause, "redirected");
    EXPECT_EQ(world.answer(bob, "1002", conn), 0);
    EXPECT_EQ(world.left.rows<records::Route>()[0].agent, "bob");
}

TEST_F(Redirect, KeepsThePlaceOfTheSessionWhereTheOtherDnDoesNotAnswer) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001"), bob = world.ready_agent("1002", "1002");
    world.not_ready(bob, "1002");
    world.text("carl", "hello");
    const ConnId conn = world.ringing("1001");
    world.pass(seconds(1));
    redirect(world, ann, "1001", conn, "1002");
    world.not_ready(ann, "1001");
    world.text("dora", "later");
    world.pass(seconds(20));
    EXPECT_EQ(world.interactions()[0].state, "waiting");
    world.clear();
    const ClientId eve = world.ready_agent("1003", "1003");
    EXPECT_EQ(world.left.events_of(eve, MessageId::event_ringing)[0].other_dn, "carl");
}

TEST_F(Redirect, BackToTheRoutingPointGoesToTheNextAgent) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.pass(seconds(1));
    world.ready_agent("1002", "1002");
    world.text("carl", "hello");
    const ConnId conn = world.ringing("1001");
    EXPECT_EQ(redirect(world, ann, "1001", conn, "1111"), 0);
    EXPECT_EQ(world.ringing("1002"), conn);
}

TEST_F(Redirect, IsRefusedWithTheCodesOfTheField) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    const ConnId conn = world.ringing("1001");
    EXPECT_EQ(redirect(world, ann, "1001", conn, ""), 53);
    EXPECT_EQ(redirect(world, ann, "1001", conn, "7777"), 71);
    EXPECT_EQ(redirect(world, ann, "1001", conn, "1001"), 71);
    EXPECT_EQ(redirect(world, ann, "1001", conn, "1002"), 93);  // nobody hears it
    EXPECT_EQ(redirect(world, ann, "1001", ConnId(12345), "1002"), 56);
    EXPECT_EQ(world.interactions()[0].state, "ringing");  // each of them left it ringing
    EXPECT_EQ(world.answer(ann, "1001", conn), 0);
    EXPECT_EQ(redirect(world, ann, "1001", conn, "1002"), 496);
}

TEST_F(Redirect, IsRefusedWhereEnoughRingsAlready) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001"), bob = world.ready_agent("1002", "1002");
    world.not_ready(bob, "1002");
    for (const char* customer : {"a", "b", "c"}) {
        world.text(customer, "hello");
        EXPECT_EQ(redirect(world, ann, "1001", world.ringing("1001"), "1002"), 0);
    }
    world.text("d", "hello");
    EXPECT_EQ(redirect(world, ann, "1001", world.ringing("1001"), "1002"), 91);
}

TEST_F(Redirect, OfDefaultRoutingFailsLikeIt) {
    World& world = start("return function(ix) end");
    const ClientId ann = world.ready_agent("1001", "1001"), bob = world.ready_agent("1002", "1002");
    world.text("carl", "hello");
    const ConnId conn = world.ringing("1001");
    EXPECT_EQ(redirect(world, ann, "1001", conn, "1002"), 0);
    EXPECT_EQ(world.release(bob, "1002", conn), 0);
    EXPECT_THAT(world.interactions(), IsEmpty());
}

}  // namespace
}  // namespace trunkline::testing
