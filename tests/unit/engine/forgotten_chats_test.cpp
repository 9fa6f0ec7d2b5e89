// Chats that nobody answers, that fall silent, or that a desktop does not see: none stays where it is.
#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using messages::MessageId;
using messages::TMessage;
using ::testing::SizeIs;

class ForgottenChats : public EngineTest {};

// lessons B4.42
TEST_F(ForgottenChats, ThatNobodyAnswersAreTakenBackThoughEveryOptionIsOff) {
    model::Site site = small_site();
    dn_of(site, "1111").options["TServer"]["after-routing-timeout"] = "0";
    World& world = start(
        "return function(ix) ix:route{targets = {target.group 'All_Agents'}, timeout = 3600} end", site);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    const ConnId conn = world.ringing("1001");
    ASSERT_TRUE(conn);
    const ClientId bob = world.ready_agent("1002", "1002");
    world.pass(seconds(599));
    world.text("carl", "is anybody there?");
    EXPECT_FALSE(world.ringing("1002"));
    world.pass(seconds(1));
    EXPECT_EQ(world.left.events_of(ann, MessageId::event_released)[0].call_state, 7);
    EXPECT_EQ(world.ringing("1002"), conn);
    EXPECT_EQ(world.answer(bob, "1002", conn), 0);
    EXPECT_THAT(world.left.events_of(bob, MessageId::event_private_info), SizeIs(2));  // both texts, in order
}

// lessons B4.42: the desktop that took it has died; who comes back to it, on whatever machine, finds it.
TEST_F(ForgottenChats, OfADesktopThatDiedAreFoundByTheNext) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    const ConnId conn = world.ringing("1001");
    world.close(ann);
    const ClientId again = world.client();
    world.register_dn(again, "1001");
    EXPECT_EQ(world.answer(again, "1001", conn), 0);
    world.close(again);
    const ClientId third = world.client();
    world.register_dn(third, "1001");
    EXPECT_EQ(world.say(third, "1001", conn, "here I am"), 0);
}

// lessons B4.45
TEST_F(ForgottenChats, ThatFallSilentGiveTheirPlaceToWhoWaits) {
    model::Site site = small_site();
    dn_of(site, "1111").options["TServer"]["im-idle-timeout"] = "300";
    World& world = start(
        "return function(ix) ix:route{targets = {target.group 'All_Agents'}, timeout = 3600} end", site);
    const ClientId ann = world.ready_agent("1001", "1001");
    for (const char* customer : {"carl", "dora"}) {
        world.text(customer, "hello");
        world.answer(ann, "1001", world.ringing("1001"));
    }
    const ConnId second = world.ringing("1001");
    world.text("emil", "hello");
    world.pass(seconds(200));
    world.say(ann, "1001", second, "are you still there?");  // dora's chat is not silent, carl's is
    world.text("emil", "hello?");
    EXPECT_EQ(world.ringing("1001"), second);
    world.pass(seconds(100));
    EXPECT_THAT(world.left.events_of(ann, MessageId::event_released), SizeIs(1));
    EXPECT_NE(world.ringing("1001"), second);
    EXPECT_THAT(world.interactions(), SizeIs(2));
}

// lessons B4.46
TEST_F(ForgottenChats, ShowAtEveryDesktopOfTheDnTheMomentTheyRingAndWhenADesktopReconnects) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001"), second = world.client();
    world.register_dn(second, "1001");
    world.clear();
    world.text("carl", "hello");  // one command: nobody toggled or reloaded anything
    for (const ClientId desktop : {ann, second}) {
        const auto rings = world.left.events_of(desktop, MessageId::event_ringing);
        ASSERT_THAT(rings, SizeIs(1));
        EXPECT_EQ(rings[0].other_dn, "carl");
    }
    const ClientId third = world.client();
    world.register_dn(third, "1001");
    const auto registered = world.left.events_of(third, MessageId::event_registered);
    ASSERT_THAT(registered, SizeIs(1));
    std::string state;
    append_json(state, *registered[0].extensions);
    EXPECT_THAT(state, ::testing::HasSubstr(to_conn_id_text(world.ringing("1001"))));
    EXPECT_THAT(state, ::testing::HasSubstr("\"State\":\"ringing\""));
    EXPECT_EQ(world.answer(third, "1001", world.ringing("1001")), 0);
    for (const ClientId desktop : {ann, second, third})
        EXPECT_THAT(world.left.events_of(desktop, MessageId::event_established), SizeIs(1));
}

// lessons B4.46: and who was not ready sees what waits the moment he is.
TEST_F(ForgottenChats, ThatWaitRingInTheCommandThatMakesAnAgentReady) {
    World& world = start(route_to_all);
    const ClientId ann = world.client();
    world.register_dn(ann, "1001");
    world.log_in(ann, "1001", "1001");
    world.text("carl", "hello");
    world.clear();
    world.ready(ann, "1001");
    EXPECT_EQ(world.left.sequence(ann), "EventAgentReady@1001 EventRinging@1001");
}

}  // namespace
}  // namespace trunkline::testing
