#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using messages::MessageId;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class VirtualQueues : public EngineTest {
  protected:
    // A strategy that routes by VQ_main, and a client that watches the queue and the routing point.
    World& start_watched(const std::string& strategy) {
        model::Site site = small_site();
        site.switches[0].dns.push_back({0, "VQ_main", "VirtualQueue", "", {}});
        World& world = start(strategy, site);
        watcher = world.client();
        world.register_dn(watcher, "VQ_main");
        world.clear();
        return world;
    }
    static std::vector<std::string> stays(const World& world) {
        std::map<Seq, std::string> queue;
        for (const auto& row : world.left.rows<records::QueueEntered>())
            if (row.kind == "virtual_queue") queue[row.seq] = row.queue + " ";
        std::vector<std::string> out;
        for (const auto& row : world.left.rows<records::QueueLeft>())
            if (const auto found = queue.find(row.seq); found != queue.end())
                out.push_back(found->second + row.outcome);
        return out;
    }
    ClientId watcher;
};

const std::string by_queue = R"(
return function(ix)
  local r, why = ix:route{targets = {target.group "All_Agents"}, queue = "VQ_main", timeout = 30}
  if not r then ix:play_announcement{text = why} end
end)";

TEST_F(VirtualQueues, TellWhoRegisteredThemWhenTargetsAreQueuedAndWhoWasChosen) {
    World& world = start_watched(by_queue);
    world.register_dn(watcher, "1111");
    const ClientId ann = world.ready_agent("1001", "1001");
    world.clear();
    world.text("carl", "hello");
    EXPECT_EQ(world.left.sequence(watcher),
              "EventQueued@1111 EventRouteRequest@1111 EventPrivateInfo@1111 EventQueued@VQ_main "
              "EventRouteUsed@1111 "
              "EventDiverted@1111 EventDiverted@VQ_main");
    const auto diverted = world.left.events_of(watcher, MessageId::event_diverted)[1];
    EXPECT_EQ(diverted.this_queue, "VQ_main");
    EXPECT_EQ(diverted.third_party_dn, "1001");
    EXPECT_EQ(std::get<std::int64_t>(diverted.reasons->find("RTR")->is), 115);
    EXPECT_EQ(diverted.user_data->text("RTargetAgentSelected"), "E1001");
    const auto queued = world.left.events_of(watcher, MessageId::event_queued)[1];
    EXPECT_EQ(queued.extensions->text("VQID"), diverted.user_data->text("RVQID"));
    world.answer(ann, "1001", world.ringing("1001"));
    EXPECT_THAT(stays(world), ElementsAre("VQ_main distributed"));
}

TEST_F(VirtualQueues, AreQueuedAgainWhereTheAgentDidNotAnswer) {
    World& world = start_watched(by_queue);
    world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    world.clear();
    world.pass(seconds(20));  // after-routing-timeout
    EXPECT_EQ(world.left.sequence(watcher), "EventQueued@VQ_main EventDiverted@VQ_main");
}

TEST_F(VirtualQueues, AreAbandonedWhenTheCustomerLeaves) {
    World& world = start_watched(by_queue);
    const std::string leg = world.session("carl");
    world.leave(leg);
    EXPECT_EQ(world.left.sequence(watcher), "EventQueued@VQ_main EventAbandoned@VQ_main");
    EXPECT_THAT(stays(world), ElementsAre("VQ_main abandoned"));
}

TEST_F(VirtualQueues, AreClearedWithAReasonOfTheirOwnWhenTheRouteEnds) {
    World& world = start_watched(by_queue);
    world.text("carl", "hello");
    world.pass(seconds(30));
    EXPECT_EQ(world.left.sequence(watcher), "EventQueued@VQ_main EventDiverted@VQ_main");
    const auto diverted = world.left.events_of(watcher, MessageId::event_diverted)[0];
    EXPECT_EQ(diverted.reasons->find("RTR"), nullptr);
    EXPECT_EQ(diverted.reasons->text("ReasonCode"), "timeout");
    EXPECT_THAT(stays(world), ElementsAre("VQ_main timeout"));
}

TEST_F(VirtualQueues, AreLeftByNameAndStayOverSeveralRoutes) {
    World& world = start_watched(R"(
return function(ix)
  ix:queue "VQ_main"
  ix:route{targets = {target.agent "ann"}, queue = "VQ_main", timeout = 5}
  ix:route{targets = {target.agent "bob"}, timeout = 5}
  ix:dequeue "VQ_main"
  ix:sleep(5)
  ix:disconnect()
end)");
    world.text("carl", "hello");
    world.pass(seconds(9));
    EXPECT_THAT(stays(world), IsEmpty());
    world.pass(seconds(1));
    EXPECT_THAT(stays(world), ElementsAre("VQ_main cleared"));
    world.pass(seconds(5));
    EXPECT_EQ(world.left.sequence(watcher), "EventQueued@VQ_main EventDiverted@VQ_main");
}

TEST_F(VirtualQueues, ThatTheTenantDoesNotHaveAreSaidAndTheRouteGoesOn) {
    World& world = start(by_queue);
    world.ready_agent("1001", "1001");
    world.clear();
    world.text("carl", "hello");
    EXPECT_TRUE(world.ringing("1001"));
    ASSERT_THAT(world.left.logs, SizeIs(1));
    EXPECT_THAT(world.left.logs[0].text, ::testing::HasSubstr("there is no virtual queue 'VQ_main'"));
}

}  // namespace
}  // namespace trunkline::testing
