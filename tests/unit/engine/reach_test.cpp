// Agents who cannot be reached: their desktop has gone, and nobody hears their DN.
#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using messages::MessageId;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class Unreachable : public EngineTest {
  protected:
    static AgentRow ann_row(const World& world) { return world.engine.agents(world.now)[0]; }
};

// lessons B6.56, B6.53: who closed his browser is not "available" for ever, and costs no customer a ringing.
TEST_F(Unreachable, AgentsAreNotOfferedToAtOnceAndNotReadyAfterHalfAMinute) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.close(ann);
    world.text("carl", "hello");
    EXPECT_EQ(world.interactions()[0].state, "waiting");
    world.pass(seconds(29));
    EXPECT_EQ(ann_row(world).state, "Ready");
    world.pass(seconds(1));
    EXPECT_EQ(ann_row(world).state, "NotReady");
    EXPECT_THAT(ann_row(world).reasons, HasSubstr(R"("ReasonCode":"unreachable")"));
    EXPECT_EQ(world.left.rows<records::AgentStateEntered>().back().state, "NotReady");
}

TEST_F(Unreachable, AgentsStandWhereTheyStoodWhenTheyReturn) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.close(ann);
    world.text("carl", "hello");
    world.pass(seconds(45));
    world.clear();
    const ClientId again = world.client();
    world.register_dn(again, "1001");
    EXPECT_EQ(world.left.sequence(again), "EventRegistered@1001 EventAgentReady@1001 EventRinging@1001");
    EXPECT_EQ(world.left.events_of(again, MessageId::event_registered)[0].extensions->text("AgentStatus"),
              "Ready");
}

TEST_F(Unreachable, AgentsKeepTheReasonsOfTheirFormerState) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    messages::TMessage lunch;
    lunch.message = MessageId::request_agent_not_ready;
    lunch.this_dn = "1001";
    lunch.agent_work_mode = 4;
    KvList reasons;
    reasons.add("ReasonCode", "lunch");
    lunch.reasons = std::make_shared<const KvList>(std::move(reasons));
    world.request(ann, lunch);
    world.close(ann);
    world.pass(seconds(31));
    EXPECT_THAT(ann_row(world).reasons, HasSubstr("unreachable"));
    const ClientId again = world.client();
    world.register_dn(again, "1001");
    EXPECT_EQ(ann_row(world).state, "NotReady");
    EXPECT_THAT(ann_row(world).reasons, HasSubstr("lunch"));
    EXPECT_EQ(ann_row(world).work_mode, "4");
}

TEST_F(Unreachable, WhoReturnInTimeHaveLostNothing) {  // lessons B1.9
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.pass(seconds(100));
    world.close(ann);
    world.pass(seconds(20));
    const ClientId again = world.client();
    world.register_dn(again, "1001");
    world.pass(seconds(100));
    EXPECT_EQ(ann_row(world).state, "Ready");
    EXPECT_EQ(ann_row(world).seconds, 220);
}

TEST_F(Unreachable, AgentsKeepTheirLiveSessions) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    const ConnId conn = carl_talks_to(ann, world);
    world.close(ann);
    world.pass(seconds(60));
    EXPECT_EQ(world.interactions()[0].state, "established");
    EXPECT_EQ(ann_row(world).state, "Busy");
    const ClientId again = world.client();
    world.register_dn(again, "1001");
    EXPECT_EQ(world.say(again, "1001", conn, "I am back"), 0);
    EXPECT_EQ(world.release(again, "1001", conn), 0);
    EXPECT_EQ(ann_row(world).state, "Ready");
}

TEST_F(Unreachable, AgentsRestOverTheirAbsence) {
    model::Site site = small_site();
    site.switches[0].agent_logins[0].options["TServer"]["wrap-up-time"] = "50";
    World& world = start(route_to_all, site);
    ClientId ann = world.ready_agent("1001", "1001");
    for (const int absence : {40, 100}) {
        world.text("carl", "hello");
        world.answer(ann, "1001", world.ringing("1001"));
        world.release(ann, "1001", world.ringing("1001"));
        world.close(ann);
        world.pass(seconds(absence));
        EXPECT_EQ(ann_row(world).state, "NotReady");
        ann = world.client();
        world.register_dn(ann, "1001");
        world.pass(milliseconds(1));
        EXPECT_EQ(ann_row(world).state, absence < 50 ? "AfterCallWork" : "Ready");
        world.pass(seconds(10));
        EXPECT_EQ(ann_row(world).state, "Ready");
    }
}

// After-call work is the agent's: back at one DN, it is back at his other one too.
TEST_F(Unreachable, AgentsWhoReturnToTheirRestAreOfferedNothingAtTheirOtherDn) {
    model::Site site = small_site();
    add_second_dn(site);
    World& world = start(route_to_all, site);
    const ClientId ann = world.ready_agent("1001", "1001");
    const ClientId second = world.client();
    world.register_dn(second, "1011");
    EXPECT_EQ(world.log_in(second, "1011", "1001", 2), 0);
    messages::TMessage resting;
    resting.message = MessageId::request_agent_not_ready;
    resting.this_dn = "1001";
    resting.agent_work_mode = 3;
    EXPECT_EQ(world.request(ann, std::move(resting)), 0);
    world.close(ann);
    world.pass(seconds(31));
    world.register_dn(world.client(), "1001");
    world.text("carl", "hello");
    EXPECT_EQ(world.interactions()[0].state, "waiting");
}

TEST_F(Unreachable, TimeoutIsAnOptionOfTheDnAndZeroIsOff) {
    model::Site site = small_site();
    dn_of(site, "1001").options["TServer"]["unreachable-timeout"] = "5";
    dn_of(site, "1002").options["TServer"]["unreachable-timeout"] = "0";
    World& world = start(route_to_all, site);
    const ClientId ann = world.ready_agent("1001", "1001"), bob = world.ready_agent("1002", "1002");
    world.close(ann);
    world.close(bob);
    world.pass(seconds(3600));
    EXPECT_EQ(world.engine.agents(world.now)[0].state, "NotReady");
    EXPECT_EQ(world.engine.agents(world.now)[1].state, "Ready");
    world.text("carl", "hello");
    EXPECT_EQ(world.interactions()[0].state, "waiting");
}

TEST_F(Unreachable, IsOnlyADnThatNobodyHears) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    const ClientId second = world.client();
    world.register_dn(second, "1001");
    world.close(ann);
    world.pass(seconds(3600));
    EXPECT_EQ(ann_row(world).state, "Ready");
}

}  // namespace
}  // namespace trunkline::testing
