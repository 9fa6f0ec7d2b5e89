// Scripts that never let time pass: they fail alone, and everybody else is served.
#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;

class TirelessScripts : public EngineTest {};

TEST_F(TirelessScripts, ThatLoopOverARouteWhichFailsAtOnceEndByTheirBudget) {
    World& world = start("return function(ix)\n  while not ix:route_to('9999') do end\nend");
    EXPECT_EQ(world.text("carl", "hello"), 200);
    EXPECT_THAT(world.left.logs, Contains(Field(&messages::WriteLog::text, HasSubstr("main.lua:2:"))));
    EXPECT_EQ(world.text("dora", "hello"), 200);
}

TEST_F(TirelessScripts, ThatSleepForNothingLetTheOthersGoOn) {
    World& world = start("return function(ix)\n  while true do ix:sleep(0) end\nend");
    EXPECT_EQ(world.text("carl", "hello"), 200);
    world.pass(milliseconds(20));
    EXPECT_EQ(world.text("dora", "hello"), 200);
    EXPECT_EQ(world.engine.status(world.now).interactions, 2);
}

}  // namespace
}  // namespace trunkline::testing
