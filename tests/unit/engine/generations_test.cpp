// Generations of scripts as waiting interactions live through them.
#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;

class Generations : public EngineTest {
  protected:
    static void reload(World& world, const std::string& main) {
        world.command(messages::ScriptsLoaded{scripts_with({{"main", main}}), nullptr});
    }
    /// Leaves this many interactions behind, each in a generation of its own.
    static void one_in_each(World& world, int first, int last, const std::string& main) {
        for (int n = first; n <= last; ++n) {
            world.text("customer" + std::to_string(n), "hello");
            reload(world, main);
        }
    }
    static const std::string& waits() {
        static const std::string text = R"(
return {
  run = function(ix) ix:collect_digits{} ix:route{targets = {target.group "All_Agents"}} end,
  default = function(ix, err) ix:send_text("sorry") ix:default_route() end,
})";
        return text;
    }
};

TEST_F(Generations, TheNinthSendsTheInteractionsOfTheOldestToTheirDefault) {
    World& world = start(waits());
    const ClientId ann = world.client();
    world.register_dn(ann, "1001");
    one_in_each(world, 1, 7, waits());
    EXPECT_FALSE(world.ringing("1001"));
    EXPECT_EQ(world.engine.status(world.now).generations_live, 8);
    one_in_each(world, 8, 8, waits());
    EXPECT_EQ(world.engine.status(world.now).generations_live, 8);
    EXPECT_TRUE(world.ringing("1001"));
    ASSERT_THAT(world.left.texts, ::testing::SizeIs(1));
    EXPECT_EQ(world.left.texts[0].text, "sorry");
    EXPECT_THAT(
        world.left.rows<records::LogEvent>(),
        Contains(Field(&records::LogEvent::text,
                       HasSubstr("strategy ended: strategies/main.lua: ended: it ran in the oldest"))));
    EXPECT_THAT(world.left.rows<records::TraceStep>(), Contains(Field(&records::TraceStep::step, "error")));
}

TEST_F(Generations, AnAgentWhoRingsForTheOldestKeepsRinging) {
    World& world = start(R"(return function(ix) ix:route{targets = {target.group "All_Agents"}} end)");
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    const ConnId conn = world.ringing("1001");
    ASSERT_TRUE(conn);
    for (int n = 0; n < 8; ++n) {
        reload(world, waits());
        world.text("customer" + std::to_string(n), "hello");
    }
    EXPECT_LE(world.engine.status(world.now).generations_live, 8);
    EXPECT_EQ(world.answer(ann, "1001", conn), 0);
    EXPECT_EQ(world.left.events_of(ann, messages::MessageId::event_established).front().conn_id, conn);
}

TEST_F(Generations, ReloadsLoseNobodyWhoWaitsAndKeepTheOrder) {  // lessons B3
    World& world = start(route_to_all);
    for (const std::string who : {"a", "b", "c"}) {
        world.text(who, "hello");
        world.pass(seconds(1));
    }
    for (int n = 0; n < 7; ++n) reload(world, route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    const auto rang = world.left.events_of(ann, messages::MessageId::event_ringing);
    ASSERT_THAT(rang, ::testing::SizeIs(2));
    EXPECT_EQ(rang[0].other_dn, "a");
    EXPECT_EQ(rang[1].other_dn, "b");
}

}  // namespace
}  // namespace trunkline::testing
