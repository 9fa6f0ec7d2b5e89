#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class Draining : public EngineTest {};

TEST_F(Draining, RefusesNewCustomersAndLetsTheLiveOnesGoOn) {
    World& world = start(route_to_all);
    const ClientId agent = world.ready_agent("1001", "1001");
    EXPECT_EQ(world.text("carl", "hello"), 200);
    world.answer(agent, "1001", world.ringing("1001"));
    world.command(messages::Drain{});
    EXPECT_EQ(world.text("dora", "hello"), 503);
    EXPECT_EQ(world.text("carl", "still there?"), 200);
    EXPECT_THAT(world.interactions(), SizeIs(1));
}

TEST_F(Draining, EndsEveryLiveInteractionWithItsRowsWhenToldAgain) {
    World& world = start(route_to_all);
    EXPECT_EQ(world.text("carl", "hello"), 200);
    EXPECT_EQ(world.text("dora", "hello"), 200);
    world.command(messages::Drain{});
    world.command(messages::Drain{});
    EXPECT_THAT(world.interactions(), IsEmpty());
    const auto ended = world.left.rows<records::InteractionEnded>();
    ASSERT_THAT(ended, SizeIs(2));
    EXPECT_EQ(ended[0].outcome, "failed");
    EXPECT_EQ(ended[1].outcome, "failed");
}

}  // namespace
}  // namespace trunkline::testing
