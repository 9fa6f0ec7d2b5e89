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

TEST_F(Draining, EndsWithWhatItWasWhereAnAgentHadAnsweredAndOffersNobodyAnymore) {
    World& world = start(route_to_all);
    const ClientId agent = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    world.answer(agent, "1001", world.ringing("1001"));
    for (const char* customer : {"dora", "emil", "fred"}) world.text(customer, "hello");
    world.command(messages::Drain{});
    world.clear();
    world.command(messages::Drain{});
    EXPECT_THAT(world.left.rows<records::PartyJoined>(), IsEmpty())
        << "nobody is offered in the moment of the end";
    const auto ended = world.left.rows<records::InteractionEnded>();
    ASSERT_THAT(ended, SizeIs(4));
    EXPECT_EQ(ended.back().outcome, "handled");
    EXPECT_THAT(world.left.texts.back().text, ::testing::HasSubstr("the service stops for a moment"));
    EXPECT_EQ(world.engine.status(world.now).texts_under_way,
              static_cast<std::int64_t>(world.left.texts.size()));
}

TEST_F(Draining, LogsEveryAgentOutAtTheMomentOfTheStop) {
    World& world = start(route_to_all);
    world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    world.pass(seconds(5));
    world.clear();
    world.command(messages::Stop{});
    EXPECT_THAT(world.interactions(), IsEmpty());
    EXPECT_THAT(world.engine.agents(world.now), IsEmpty());
    const auto closed = world.left.rows<records::AgentSessionClosed>();
    ASSERT_THAT(closed, SizeIs(1));
    EXPECT_EQ(closed[0].logged_out_at, world.now);
    EXPECT_THAT(world.left.rows<records::AgentStateLeft>(), ::testing::Not(IsEmpty()));
    EXPECT_EQ(world.text("dora", "hello"), 503);
}

}  // namespace
}  // namespace trunkline::testing
