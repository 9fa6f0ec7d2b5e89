// What happens in the same moment: the races that leave other servers with an agent offered twice, stuck or
// lost.
#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using messages::MessageId;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Races : public EngineTest {
  protected:
    static AgentRow row_of(const World& world, std::size_t n = 0) {
        return world.engine.agents(world.now)[n];
    }
};

// lessons B1.5, B1.6: of two answers the first counts, and nobody sits alone in a session.
TEST_F(Races, OfTwoClientsWhoAnswerAtOnceTheFirstCounts) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    const ClientId second = world.client();
    world.register_dn(second, "1001");
    const ConnId conn = carl_talks_to(ann, world);
    EXPECT_EQ(world.answer(second, "1001", conn), 496);
    EXPECT_THAT(world.left.events_of(second, MessageId::event_established), SizeIs(1));
    EXPECT_EQ(row_of(world).chats, 1);
}

// lessons B1.5: who answers after his time was up is no party any more.
TEST_F(Races, AnAnswerAfterTheOfferWentToAnotherIsRefused) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.pass(seconds(1));
    const ClientId bob = world.ready_agent("1002", "1002");
    world.text("carl", "hello");
    const ConnId conn = world.ringing("1001");
    world.pass(seconds(20));
    EXPECT_EQ(world.answer(ann, "1001", conn), 470);
    EXPECT_EQ(world.answer(bob, "1002", conn), 0);
}

// lessons B1.1, B1.8, B1.10, B4.38: many at once are spread, and nobody is rung twice for one or beyond his
// limit.
TEST_F(Races, ManySessionsAtOnceAreSpreadOverTheAgents) {
    World& world = start(route_to_all);
    std::vector<ClientId> agents;
    for (const char* dn : {"1001", "1002", "1003"}) agents.push_back(world.ready_agent(dn, dn));
    for (int i = 0; i < 10; ++i) world.text("c" + std::to_string(i), "hello");
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_THAT(world.left.events_of(agents[i], MessageId::event_ringing), SizeIs(2));  // two chats each
        EXPECT_EQ(row_of(world, i).chats, 2);
    }
    std::set<ConnId> rung;
    for (const auto& event : world.left.events)
        if (event.event.message == MessageId::event_ringing) {
            EXPECT_TRUE(rung.insert(event.event.conn_id).second);
        }
}

// lessons B1.4: his ringing goes on, once, and he is offered nothing new.
TEST_F(Races, AnAgentWhoGoesNotReadyWhileItRingsMayStillAnswer) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    const ConnId conn = world.ringing("1001");
    world.clear();
    EXPECT_EQ(world.not_ready(ann, "1001"), 0);
    world.text("dora", "hello");
    EXPECT_EQ(world.left.sequence(ann), "EventAgentNotReady@1001");
    EXPECT_EQ(world.answer(ann, "1001", conn), 0);
    EXPECT_EQ(world.release(ann, "1001", conn), 0);
    EXPECT_EQ(row_of(world).state, "NotReady");
    EXPECT_FALSE(world.ringing("1001"));
}

// lessons B1.9: the desktop comes back while its DN rings.
TEST_F(Races, ADnThatIsRegisteredAnewWhileItRingsKeepsItsOffer) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    const ConnId conn = world.ringing("1001");
    world.close(ann);
    const ClientId again = world.client();
    world.register_dn(again, "1001");
    const auto registered = world.left.events_of(again, MessageId::event_registered)[0];
    const auto& calls = std::get<KvList>(registered.extensions->find("Calls")->is);
    ASSERT_THAT(calls, SizeIs(1));
    EXPECT_EQ(std::get<KvList>(calls.begin()->second.is).text("State"), "ringing");
    EXPECT_EQ(world.answer(again, "1001", conn), 0);
}

TEST_F(Races, AnAgentCannotLogOutWhileItRings) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    EXPECT_EQ(world.log_out(ann, "1001"), 185);
    EXPECT_EQ(world.answer(ann, "1001", world.ringing("1001")), 0);
}

// lessons B3.26, B3.27: a reload of scripts and configuration takes nothing from anybody.
TEST_F(Races, AReloadWhileItRingsChangesNothing) {
    model::Site site = small_site();
    World& world = start(route_to_all, site);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    const ConnId conn = world.ringing("1001");
    world.clear();
    dn_of(site, "1111").strategy = "another";
    world.command(messages::ConfigChanged{std::make_shared<const model::Snapshot>(site)});
    world.command(
        messages::ScriptsLoaded{scripts_with({{"main", route_to_all}, {"another", route_to_all}}), nullptr});
    EXPECT_EQ(world.left.sequence(ann), "");
    EXPECT_EQ(row_of(world).state, "Ready");
    EXPECT_EQ(world.answer(ann, "1001", conn), 0);
}

// lessons B3.29: reasons and their time outlive a reload.
TEST_F(Races, AReloadKeepsReasonsAndTheirTime) {
    model::Site site = small_site();
    World& world = start(route_to_all, site);
    const ClientId ann = world.ready_agent("1001", "1001");
    messages::TMessage lunch;
    lunch.message = MessageId::request_agent_not_ready;
    lunch.this_dn = "1001";
    KvList reasons;
    reasons.add("ReasonCode", "lunch");
    lunch.reasons = std::make_shared<const KvList>(std::move(reasons));
    world.request(ann, lunch);
    world.pass(seconds(60));
    world.command(messages::ConfigChanged{std::make_shared<const model::Snapshot>(site)});
    EXPECT_EQ(row_of(world).seconds, 60);
    EXPECT_THAT(row_of(world).reasons, ::testing::HasSubstr("lunch"));
}

// lessons B1.11, B4.43: one capacity over all the DNs of an agent's place.
TEST_F(Races, AnAgentLoggedInAtTwoDnsHasOneCapacity) {
    model::Site site = small_site();
    add_second_dn(site);
    World& world = start(route_to_all, site);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.register_dn(ann, "1011");
    EXPECT_EQ(world.log_in(ann, "1011", "1001", 2), 0);
    for (const char* customer : {"a", "b", "c"}) world.text(customer, "hello");
    EXPECT_THAT(world.left.events_of(ann, MessageId::event_ringing), SizeIs(2));
    EXPECT_EQ(row_of(world).chats, 2);
}

// Nobody overtakes: his capacity is freed at all his DNs at once.
TEST_F(Races, AFreedAgentOfTwoDnsGoesToWhoWaitsLongestForEither) {
    model::Site site = small_site();
    add_second_dn(site);
    World& world = start(R"lua(
return function(ix)
  local where = ix.ani == "early" and target.dn "1011" or target.group "All_Agents"
  ix:route{targets = {where}}
end)lua",
                         site);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.register_dn(ann, "1011");
    EXPECT_EQ(world.log_in(ann, "1011", "1001", 2), 0);
    for (const char* customer : {"a", "b", "early"}) world.text(customer, "hello");
    world.pass(seconds(1));
    world.text("late", "hello");
    world.clear();
    world.leave(World::pager_key("a"));
    const auto rings = world.left.events_of(ann, MessageId::event_ringing);
    ASSERT_THAT(rings, SizeIs(1));
    EXPECT_EQ(rings[0].other_dn, "early");
}

// lessons B1.7: one session's end is felt by no other.
TEST_F(Races, AnAgentWhoHangsUpAtOnceEndsThatSessionAlone) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    const ClientId bob = world.ready_agent("1002", "1002");
    world.text("carl", "hello");
    world.text("dora", "hello");
    world.answer(ann, "1001", world.ringing("1001"));
    world.release(ann, "1001", world.ringing("1001"));
    EXPECT_EQ(world.answer(bob, "1002", world.ringing("1002")), 0);
}

// lessons B2.16: one who cannot be reached does not hold up the others.
TEST_F(Races, AnUnreachableAgentHoldsNobodyUp) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.pass(seconds(10));
    world.ready_agent("1002", "1002");
    world.close(ann);
    world.text("carl", "hello");
    EXPECT_TRUE(world.ringing("1002"));
    EXPECT_THAT(world.left.rows<records::Decision>(), SizeIs(1));
}

}  // namespace
}  // namespace trunkline::testing
