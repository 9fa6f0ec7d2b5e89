// Table trace_step: which steps of a strategy are recorded, and how many.
#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using scripting::TraceKept;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Trace : public EngineTest {
  protected:
    World& start_with(TraceKept trace, const std::string& strategy) {
        return start(strategy, small_site(), false, {}, trace);
    }
    static std::vector<std::string> steps(const World& world) {
        std::vector<std::string> names;
        for (const auto& row : world.left.rows<records::TraceStep>())
            names.push_back(row.step + ":" + std::to_string(row.line.value_or(0)));
        return names;
    }
};

const std::string varied = R"(return function(ix)
  ix:log("warn", "customer", ix.ani)
  ix:attach{topic = "billing"}
  ix:play_announcement{text = "Hello"}
  ix:route{targets = {target.group "All_Agents"}, timeout = 5}
  ix:route_to("5999")
  local nothing = nil
  nothing.call()
end)";

TEST_F(Trace, OfAllKeepsEveryStepWithFileLineAndGeneration) {
    World& world = start_with(TraceKept::all, varied);
    world.text("carl", "hello");
    world.pass(seconds(5));
    EXPECT_THAT(steps(world), ElementsAre("log:2", "attach:3", "treat:4", ::testing::StartsWith("send_text:"),
                                          "route:5", "route_to:6", "error:8"));
    const auto rows = world.left.rows<records::TraceStep>();
    EXPECT_EQ(rows[0].file, "strategies/main.lua");
    EXPECT_EQ(rows[0].generation, 1);
    EXPECT_EQ(rows[0].tenant, "Resources");
    EXPECT_EQ(rows[0].detail.is, R"({"level":"warn","text":"customer carl"})") << "ix:log is in the trace";
    EXPECT_THAT(rows.back().detail.is, HasSubstr("attempt to index a nil value"));
    EXPECT_THAT(world.left.logs,
                ::testing::Contains(::testing::Field(&messages::WriteLog::text, "script: customer carl")))
        << "and in the log";
}

TEST_F(Trace, OfDecisionsKeepsWhatDecidesWhereItGoesAndErrors) {
    World& world = start_with(TraceKept::decisions, varied);
    world.text("carl", "hello");
    world.pass(seconds(5));
    EXPECT_THAT(steps(world), ElementsAre("route:5", "route_to:6", "error:8"));
}

TEST_F(Trace, OfDecisionsKeepsTheOtherWaysToo) {
    World& world = start_with(TraceKept::decisions, R"(return function(ix)
  ix:route_by_client{timeout = 1}
  if ix.ani == "dora" then ix:disconnect("closed") return end
  ix:default_route()
end)");
    world.session("carl");
    world.session("dora");
    world.pass(seconds(1));
    EXPECT_THAT(steps(world),
                ElementsAre("route_by_client:2", "route_by_client:2", "default_route:4", "disconnect:3"));
}

TEST_F(Trace, OffKeepsNothingAndTheLogStillHasTheError) {
    World& world = start_with(TraceKept::off, varied);
    world.text("carl", "hello");
    world.pass(seconds(5));
    EXPECT_THAT(steps(world), IsEmpty());
    EXPECT_THAT(world.left.rows<records::LogEvent>(), SizeIs(1));
}

TEST_F(Trace, HasAtMostTwoHundredStepsOfAnInteractionErrorsIncluded) {
    World& world = start(R"(return function(ix)
  for n = 1, ix.ani == "short" and 199 or 300 do ix:log("info", n) end
  error("at the end")
end)");
    world.text("carl", "hello");
    auto rows = world.left.rows<records::TraceStep>();
    ASSERT_THAT(rows, SizeIs(200));
    EXPECT_THAT(rows.back().detail.is, HasSubstr(R"("200")"));
    EXPECT_THAT(world.left.rows<records::LogEvent>(), SizeIs(1)) << "the error is told all the same";
    world.clear();
    world.text("short", "hello");
    rows = world.left.rows<records::TraceStep>();
    ASSERT_THAT(rows, SizeIs(200)) << "each interaction has its own";
    EXPECT_EQ(rows.back().step, "error");
}

}  // namespace
}  // namespace trunkline::testing
