// A line and limits together: who waits is taken in order of arrival by whoever has room, and room is asked
// for neither often nor for each routing point apart.
#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using messages::MessageId;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Limits : public EngineTest {
  protected:
    static std::vector<std::string> rung_at(World& world, ClientId agent) {
        std::vector<std::string> customers;
        for (const auto& event : world.left.events_of(agent, MessageId::event_ringing))
            customers.push_back(event.other_dn);
        return customers;
    }
};

// lessons B4.40: those who wait are given to an agent by his becoming ready, with nothing else to be done.
TEST_F(Limits, WhoComesOnlineGetsThoseWhoWaitInTheOrderTheyCame) {
    World& world = start(route_to_all);
    for (const char* customer : {"a", "b", "c", "d", "e"}) {
        world.text(customer, "hello");
        world.pass(seconds(1));
    }
    const ClientId ann = world.ready_agent("1001", "1001");
    EXPECT_EQ(rung_at(world, ann), (std::vector<std::string>{"a", "b"}));
    const ClientId bob = world.ready_agent("1002", "1002");
    EXPECT_EQ(rung_at(world, bob), (std::vector<std::string>{"c", "d"}));
    const ClientId eve = world.ready_agent("1003", "1003");
    EXPECT_EQ(rung_at(world, eve), (std::vector<std::string>{"e"}));
}

// lessons B4.34, B4.39, B4.41: limits and a line in one; nobody waits beside an agent with room, nobody
// overtakes.
TEST_F(Limits, AndALineGoTogether) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    const ClientId bob = world.ready_agent("1002", "1002");
    std::vector<std::pair<std::string, ConnId>> held;  // by the DN
    std::vector<std::string> came, served;
    std::size_t seen = 0;
    const auto answer_all = [&] {
        for (; seen < world.left.events.size(); ++seen) {
            const messages::TMessage event = world.left.events[seen].event;
            if (event.message != MessageId::event_ringing) continue;
            served.push_back(event.other_dn);
            ASSERT_EQ(world.answer(event.this_dn == "1001" ? ann : bob, event.this_dn, event.conn_id), 0);
            held.emplace_back(event.this_dn, event.conn_id);
        }
    };
    for (int n = 0; n < 12; ++n) {
        came.push_back("c" + std::to_string(n));
        world.text(came.back(), "hello");
        world.pass(milliseconds(100));
        answer_all();
    }
    EXPECT_THAT(held, SizeIs(4));  // two chats each
    while (!held.empty()) {
        const auto [dn, conn] = held.front();
        held.erase(held.begin());
        ASSERT_EQ(world.release(dn == "1001" ? ann : bob, dn, conn), 0);
        answer_all();
        for (const auto& row : world.engine.agents(world.now)) EXPECT_LE(row.chats, 2);
    }
    EXPECT_EQ(served, came);
}

// lessons B4.43: an agent has one capacity, whatever routing point or target his work comes from.
TEST_F(Limits, AreTheAgentsOverAllRoutingPoints) {
    model::Site site = small_site();
    site.switches[0].dns.push_back(
        {0, "1113", "RoutingPoint", "main", {{"TServer", {{"default-dn", "1002"}}}}});
    World& world = start(R"(
return function(ix)
  local to = ix.dnis == "1113" and target.skill "billing >= 5" or target.agent "ann"
  ix:route{targets = {to}}
end)",
                         site);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("a", "hello", "1111");
    world.text("b", "hello", "1113");
    world.text("c", "hello", "1111");
    world.text("d", "hello", "1113");
    EXPECT_EQ(rung_at(world, ann), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(world.engine.agents(world.now)[0].chats, 2);
}

// lessons B4.44: a rule is asked once for each load that there is, not for each conversation: this one
// answers no more than eight times.
TEST_F(Limits, AreAskedOnceForEachLoadAndNotForEachConversation) {
    World& world = start(route_to_all);
    auto sources = std::make_shared<scripting::ScriptSources>(*scripts_with({{"main", route_to_all}}));
    for (auto& file : sources->files)
        if (file.path == "capacity/two_chats_or_one_call.lua")
            file.text = R"(
local asked = 0
return function(load)
  asked = asked + 1
  if asked > 8 then error("asked too often") end
  return load.chat < 2
end)";
    sources->hash += "counted";
    world.command(messages::ScriptsLoaded{sources, nullptr});
    const ClientId ann = world.ready_agent("1001", "1001");
    for (int n = 0; n < 200; ++n) world.text("c" + std::to_string(n), "hello");
    for (int n = 0; n < 100; ++n) {
        const ConnId conn = world.ringing("1001");
        ASSERT_TRUE(conn) << "after " << n << " sessions";
        ASSERT_EQ(world.answer(ann, "1001", conn), 0);
        ASSERT_EQ(world.release(ann, "1001", conn), 0);
    }
}

}  // namespace
}  // namespace trunkline::testing
