// A waiting call wherever Lua lets one stand: the whole strategy waits, and goes on where it stood.
#include "tests/unit/scripting/scripts.hpp"

namespace trunkline::scripting::testing {
namespace {

using ::testing::HasSubstr;

class Waits : public Scripts {
  protected:
    /// Runs it through all its sleeps; what it logged.
    std::string through(const std::string& body) {
        port.calls.clear();
        load_body(body);
        Run run = start();
        for (int n = 0; n < 20 && run.outcome == Outcome::waiting; ++n) run = host().resume(id, Elapsed{});
        EXPECT_FALSE(run.error) << run.error->message;
        return logged();
    }
};

TEST_F(Waits, InsideNestedCoroutines) {
    EXPECT_EQ(through(R"(local function deep(n)
                           if n == 0 then return ix:sleep(1) and "bottom" end
                           return coroutine.wrap(function() return deep(n - 1) .. n end)()
                         end
                         log.info(deep(5)))"),
              "bottom12345");
}

TEST_F(Waits, InsidePcallAndXpcall) {
    EXPECT_EQ(through(R"(log.info(pcall(function() ix:sleep(1) error("late", 0) end))
                         log.info(xpcall(function() ix:sleep(1) error("later", 0) end, function(e) ix:sleep(1) return e .. "!" end)))"),
              "false late|false later!");
}

TEST_F(Waits, InsideAnIterator) {
    EXPECT_EQ(
        through(
            R"(for n in coroutine.wrap(function() for n = 1, 3 do ix:sleep(1) coroutine.yield(n) end end) do log.info(n) end
                         local function step(_, n) ix:sleep(1) if n < 2 then return n + 1 end end
                         for n in step, nil, 0 do log.info("step", n) end)"),
        "1|2|3|step 1|step 2");
}

TEST_F(Waits, InsideMetamethods) {
    EXPECT_EQ(through(R"(local t = setmetatable({}, {
                           __index = function(_, key) ix:sleep(1) return key .. "?" end,
                           __call = function() return ix:sleep(1) end,
                           __lt = function() return ix:sleep(1) end})
                         log.info(t.name, t(), t < t)
                         do local c <close> = setmetatable({}, {__close = function() ix:sleep(1) log.info("closed") end}) end
                         log.info("after"))"),
              "name? true true|closed|after");
}

TEST_F(Waits, WhereALibraryFunctionCallsBackAreAnErrorThatSaysWhereToCallInstead) {
    EXPECT_THAT(error_of("string.gsub('abc', '.', function() ix:sleep(1) end)"),
                HasSubstr("main.lua:2: ix:sleep waits, which is not possible inside"));
    EXPECT_THAT(error_of("local co = coroutine.create(function() ix:sleep(1) end)\n"
                         "table.sort({2, 1}, function() coroutine.resume(co) end)"),
                HasSubstr("main.lua:3: a coroutine that waits cannot be resumed inside"));
}

TEST_F(Waits, ThatWereRefusedLeaveADeadCoroutineBehind) {
    EXPECT_EQ(through(R"(local co = coroutine.create(function() ix:sleep(1) end)
                         pcall(table.sort, {2, 1}, function() coroutine.resume(co) end)
                         log.info(coroutine.status(co), coroutine.resume(co)))"),
              "dead false cannot resume dead coroutine");
}

TEST_F(Waits, CanBeResumedAndClosedByTheEngineOnly) {
    load_body(R"(local me, inner = coroutine.running(), nil
                 inner = coroutine.create(function()
                   ix:route{targets = {target.group "All_Agents"}, on_wait = function()
                     log.info(coroutine.resume(me))
                     log.info(coroutine.resume(inner))
                     log.info(pcall(coroutine.close, inner))
                     log.info(pcall(coroutine.close, me))
                   end}
                   log.info("routed")
                 end)
                 coroutine.resume(inner))");
    ASSERT_EQ(start().outcome, Outcome::waiting);
    EXPECT_EQ(host().start_on_wait(id).outcome, Outcome::finished);
    EXPECT_EQ(host().resume(id, NotRouted{routing::RouteFailure::timeout}).outcome, Outcome::finished);
    EXPECT_EQ(logged(),
              "false cannot resume a coroutine that waits for the engine|"
              "false cannot resume a coroutine that waits for the engine|"
              "false cannot close a coroutine that waits for the engine|"
              "false cannot close a coroutine that waits for the engine|routed");
}

TEST_F(Waits, ThatAreClosedRunTheCloseVariablesFromTheInsideOut) {
    load_body(
        R"(local function guard(name) return setmetatable({}, {__close = function() log.info(name) end}) end
                 local a <close> = guard "outer"
                 coroutine.wrap(function()
                   local b <close> = guard "middle"
                   coroutine.wrap(function() local c <close> = guard "inner" ix:sleep(10) end)()
                 end)())");
    ASSERT_EQ(start().outcome, Outcome::waiting);
    host().close(id);
    EXPECT_EQ(logged(), "inner|middle|outer");
}

TEST_F(Waits, OfABusyTreatmentEndWhenTheStrategyGoesOn) {
    load_body(R"(local result = ix:route{targets = {target.group "All_Agents"}, on_wait = function(ix)
                   local bye <close> = setmetatable({}, {__close = function() log.info("cut short") end})
                   ix:treat("collect_digits", {total_timeout = 5})
                 end}
                 log.info(result.agent))");
    ASSERT_EQ(start().outcome, Outcome::waiting);
    const Run busy = host().start_on_wait(id);
    ASSERT_EQ(busy.outcome, Outcome::waiting);
    EXPECT_EQ(to_text(*busy.wait), "text 5 first");
    EXPECT_TRUE(host().running(id, Strand::on_wait));
    EXPECT_EQ(host().resume(id, Routed{{"ann", "7001", "", "", {}}}).outcome, Outcome::finished);
    EXPECT_FALSE(host().running(id, Strand::on_wait));
    EXPECT_EQ(logged(), "cut short|ann");
    EXPECT_THAT(port.calls, ::testing::Contains(R"(end closed {"name":"collect_digits"})"));
}

TEST_F(Waits, InABusyTreatmentThatFailsLeaveTheStrategyWaiting) {
    load_body(R"(ix:route{targets = {target.group "All_Agents"}, on_wait = function(ix) while true do end end}
                 log.info("on"))");
    ASSERT_EQ(start().outcome, Outcome::waiting);
    const Run busy = host().start_on_wait(id);
    ASSERT_EQ(busy.outcome, Outcome::failed);
    EXPECT_EQ(busy.error->kind, FailureKind::instructions);
    EXPECT_TRUE(host().running(id));
    EXPECT_EQ(host().resume(id, NotRouted{routing::RouteFailure::timeout}).outcome, Outcome::finished);
    EXPECT_EQ(logged(), "on");
}

}  // namespace
}  // namespace trunkline::scripting::testing
