#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using messages::MessageId;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Waiting : public EngineTest {};

const std::string default_only = "return function(ix) end";

TEST_F(Waiting, WithAGrowingPriorityOvertakesAtTheSecondItGrowsAndStopsAtItsLimit) {
    World& world = start(R"(
return function(ix)
  if ix.ani == "slow" then ix:increment_priority{by = 4, every = 10, limit = 6} end
  ix:route{targets = {target.group "All_Agents"}, priority = ix.ani == "rich" and 5 or nil}
end)");
    world.text("rich", "1");
    world.text("slow", "2");
    const auto priority_of = [&](const std::string& who) {
        for (const auto& row : world.interactions())
            if (row.customer.find(who) != std::string::npos) return row.priority;
        return -1;
    };
    world.pass(seconds(19));
    EXPECT_EQ(priority_of("slow"), 4);
    world.pass(seconds(1));
    EXPECT_EQ(priority_of("slow"), 6);
    world.pass(seconds(60));
    EXPECT_EQ(priority_of("slow"), 6);
    const ClientId ann = world.ready_agent("1001", "1001");
    EXPECT_EQ(world.left.events_of(ann, MessageId::event_ringing)[0].other_dn, "slow");
}

TEST_F(Waiting, ForADnGoesThreeAtATimeInOrderOfArrival) {
    World& world = start(default_only);
    const ClientId ann = world.ready_agent("1001", "1001");
    for (const char* customer : {"a", "b", "c", "d", "e"}) world.text(customer, "hello");
    const auto rang = world.left.events_of(ann, MessageId::event_ringing);
    ASSERT_THAT(rang, SizeIs(3));
    world.clear();
    EXPECT_EQ(world.answer(ann, "1001", rang[1].conn_id), 0);
    ASSERT_THAT(world.left.events_of(ann, MessageId::event_ringing), SizeIs(1));
    EXPECT_EQ(world.left.events_of(ann, MessageId::event_ringing)[0].other_dn, "d");
    world.clear();
    world.pass(seconds(20));  // the ringing ones end without an answer and make room
    EXPECT_EQ(world.left.events_of(ann, MessageId::event_ringing)[0].other_dn, "e");
}

TEST_F(Waiting, ForADnEndsWhenTheCustomerLeaves) {
    World& world = start(default_only);
    const ClientId ann = world.ready_agent("1001", "1001");
    for (const char* customer : {"a", "b", "c"}) world.text(customer, "hello");
    const std::string fourth = world.session("dora");
    world.leave(fourth);
    world.clear();
    world.release(ann, "1001", parse_conn_id(world.interactions()[0].conn_id));
    EXPECT_THAT(world.left.events_of(ann, MessageId::event_ringing), IsEmpty());
}

TEST_F(Waiting, ForADnFailsAfterTenMinutes) {
    model::Site site = small_site();
    dn_of(site, "1111").options["TServer"]["after-routing-timeout"] = "0";
    dn_of(site, "1001").options["TServer"]["no-answer-timeout"] = "1000";
    World& world = start(default_only, site);
    world.ready_agent("1001", "1001");
    for (const char* customer : {"a", "b", "c", "d"}) world.text(customer, "hello");
    world.clear();
    world.pass(seconds(600));
    ASSERT_THAT(world.left.rows<records::InteractionEnded>(), SizeIs(1));
    EXPECT_EQ(world.left.rows<records::InteractionEnded>()[0].outcome, "failed");
}

// lessons B4.36, B5.52
TEST_F(Waiting, KeepsWhomItPassesOverWhenTheStrategyWidensTheTargets) {
    World& world = start(R"(
return function(ix)
  if ix.ani == "first" then ix:route{targets = {target.agent "ann"}, timeout = 5} end
  ix:route{targets = {target.group "All_Agents"}}
end)");
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("first", "1");
    world.release(ann, "1001", world.ringing("1001"));  // declined: rejected, the next route begins
    world.pass(seconds(1));
    EXPECT_EQ(world.interactions()[0].state, "waiting");
    EXPECT_EQ(world.left.rows<records::Route>()[0].result, "rejected");
    world.text("second", "2");
    world.clear();
    const ClientId bob = world.ready_agent("1002", "1002");
    const auto rang = world.left.events_of(bob, MessageId::event_ringing);
    ASSERT_THAT(rang, SizeIs(1));  // the second went to ann, who had declined only the first
    EXPECT_EQ(rang[0].other_dn, "first");
}

TEST_F(Waiting, ForTheAgentsOfAQueueReachesThoseWhoLoggedInForIt) {
    model::Site site = small_site();
    site.switches[0].dns.push_back({0, "Q_sales", "ACDQueue", "", {}});
    World& world = start(R"(return function(ix) ix:route{targets = {target.queue "Q_sales"}} end)", site);
    world.ready_agent("1001", "1001");
    const ClientId bob = world.client();
    world.register_dn(bob, "1002");
    messages::TMessage login;
    login.message = MessageId::request_agent_login;
    login.this_dn = "1002";
    login.agent_id = "1002";
    login.this_queue = "Q_sales";
    ASSERT_EQ(world.request(bob, login), 0);
    world.text("carl", "hello");
    EXPECT_FALSE(world.ringing("1001"));
    world.ready(bob, "1002");
    EXPECT_TRUE(world.ringing("1002"));
}

}  // namespace
}  // namespace trunkline::testing
