// What a script may not do to the engine: run on, keep on growing, hide from its end.
#include "tests/unit/scripting/scripts.hpp"

namespace trunkline::scripting::testing {
namespace {

using ::testing::HasSubstr;

class Budget : public Scripts {
  protected:
    /// Runs it, expects this end at this line, and that another strategy in the same state works on.
    void expect_end(FailureKind kind, int line, const std::string& body) {
        load({{"strategies/main.lua", "return function(ix)\n" + body + "\nend\n"},
              {"strategies/other.lua", "return function(ix) log.info('alive', #string.rep('x', 1000)) end"}});
        const Run run = start();
        ASSERT_EQ(run.outcome, Outcome::failed) << body;
        EXPECT_EQ(run.error->kind, kind) << run.error->message;
        EXPECT_EQ(run.error->file, "strategies/main.lua");
        if (line > 0) {
            EXPECT_EQ(run.error->line, line) << run.error->message;
        }
        EXPECT_FALSE(host().running(id));
        port.calls.clear();
        EXPECT_EQ(start("other").outcome, Outcome::finished);
        EXPECT_EQ(logged(), "alive 1000");
    }
    void expect_instructions(int line, const std::string& body) {
        expect_end(FailureKind::instructions, line, body);
    }
    void expect_memory(const std::string& body) { expect_end(FailureKind::memory, 0, body); }
};

TEST_F(Budget, EndsALoopWithoutAnEndAndNamesItsLine) {
    expect_instructions(3, "local n = 0\nwhile true do n = n + 1 end");
}

TEST_F(Budget, CannotBeSwallowedByPcall) {  // lessons B8.66
    expect_instructions(0, "while true do pcall(function() while true do end end) end");
    expect_instructions(
        0, "while true do xpcall(function() while true do end end, function() while true do end end) end");
    expect_instructions(0,
                        "pcall(table.sort, {3, 2, 1}, function() while true do pcall(function() while true "
                        "do end end) end end) while true do end");
}

TEST_F(Budget, CannotBeSwallowedByACoroutine) {
    expect_instructions(0, "while true do coroutine.wrap(function() while true do end end)() end");
    expect_instructions(
        0, "while true do coroutine.resume(coroutine.create(function() while true do end end)) end");
    expect_instructions(0, "while true do coroutine.wrap(function() end)() end");
    expect_instructions(
        0,
        R"(local function deep(n) return coroutine.wrap(function() while true do if n > 0 then pcall(deep, n - 1) end end end)() end
                              deep(20))");
}

TEST_F(Budget, EndsAComparisonThatDoesNotEnd) {
    expect_instructions(0, "table.sort({3, 2, 1}, function() while true do end end)");
    expect_instructions(0, "string.gsub('abc', '.', function() while true do end end)");
    expect_instructions(
        0, "local t = setmetatable({}, {__index = function() while true do end end}) local x = t.x");
    expect_instructions(
        0, "local t = setmetatable({}, {__lt = function() while true do end end}) table.sort{t, t, t}");
}

TEST_F(Budget, EndsCloseVariablesThatDoNotEnd) {
    expect_instructions(
        0,
        R"(local forever <close> = setmetatable({}, {__close = function() while true do pcall(function() while true do end end) end end})
                              while true do end)");
    expect_instructions(
        0, R"(local forever <close> = setmetatable({}, {__close = function() while true do end end})
                              table.sort({3, 2, 1}, function() while true do end end))");
}

TEST_F(Budget, CloseVariablesStillRunAfterTheEnd) {
    load_body(R"(local guard <close> = setmetatable({}, {__close = function() log.info("closed") end})
                 pcall(function() local inner <close> = setmetatable({}, {__close = function() log.info("inner") end}) while true do end end))");
    EXPECT_EQ(start().outcome, Outcome::failed);
    EXPECT_EQ(logged(), "inner|closed");
}

// lessons B8.66: unkillable after one write. What it did stays done, and it ends all the same.
TEST_F(Budget, EndsAScriptThatHasWrittenAlready) {
    load_body(R"(ix:attach{step = "one"} ix:send_text("a moment")
                 ix.userdata.step = "two"
                 while true do pcall(function() while true do end end) end)");
    const Run run = start();
    ASSERT_EQ(run.outcome, Outcome::failed);
    EXPECT_EQ(run.error->kind, FailureKind::instructions);
    EXPECT_EQ(port.data[id].text("step"), "two");
}

TEST_F(Budget, WorkInsideLibraryFunctionsCounts) {
    expect_instructions(0, "local s = string.rep('a', 5000) while true do s:find('.-.-.-.-b') end");
    expect_instructions(0, "local s = string.rep('a', 100000) while true do local t = s:upper() end");
    expect_instructions(0, "local s = string.rep('a', 400000) while true do local t = s .. 'b' end");
    expect_instructions(0,
                        "local t = {} for n = 1, 20000 do t[n] = n end while true do table.insert(t, 1, 0) "
                        "table.remove(t, 1) end");
    expect_instructions(0,
                        "local t = {} for n = 1, 20000 do t[n] = n % 7 end while true do table.sort(t) end");
    expect_instructions(0, "local t = {1} while true do table.move(t, 1, 10000000, 2) end");
    expect_instructions(0, "local t = {} for n = 1, 20000 do t[n] = n end while true do next(t) end");
    expect_instructions(0, "local s = string.rep('a', 200000) while true do s:find('b', 1, true) end");
}

TEST_F(Budget, APatternThatTriesForeverIsEndedInTime) {
    load_body("log.info(pcall(string.find, string.rep('a', 300), '.-.-.-.-b'))");
    EXPECT_EQ(start().outcome, Outcome::failed);
}

TEST_F(Budget, EndsWhatKeepsOnGrowing) {
    expect_memory("local t = {} for n = 1, 1e9 do t[n] = n end");
    expect_memory(
        "local t = {} while true do pcall(function() while true do t[#t + 1] = ('x'):rep(1000) end end) end");
    expect_memory("local s = 'xxxxxxxxxxxxxxxx' while true do s = s .. s end");
    expect_memory("local t = {} while true do t[#t + 1] = coroutine.create(function() end) end");
}

TEST_F(Budget, RefusesAStringThatIsTooLongAtOnce) {
    EXPECT_THAT(error_of("return ('x'):rep(1e9)"),
                HasSubstr("main.lua:2: rep: the result is longer than an interaction may hold"));
    EXPECT_THAT(error_of("return ('x'):rep(1 << 40, ('y'):rep(1000))"),
                HasSubstr("longer than an interaction may hold"));
    EXPECT_THAT(error_of("return (('x'):rep(2000):gsub('x', ('y'):rep(2000)))"), HasSubstr("main.lua:2:"));
}

TEST_F(Budget, LoadingIsCappedToo) {  // lessons B8.65
    const BuildResult built =
        build(sources({{"strategies/loop.lua", "\nwhile true do end"},
                       {"capacity/loop.lua", "return function() while true do end end"},
                       {"lib/big.lua",
                        "local t = {} local s = ('x'):rep(1000000) while true do t[#t + 1] = s .. #t end"}}),
              budgets);
    EXPECT_EQ(built.generation, nullptr);
    ASSERT_EQ(built.errors.size(), 3U);
    EXPECT_THAT(built.errors[2].message, HasSubstr("strategies/loop.lua:2: used up its 100000 instructions"));
}

TEST_F(Budget, OfLoadingFunctionsAndCloseVariablesAreSettings) {
    const std::string loop = "for n = 1, 30000 do local x = n end ";
    const auto refusal = [&](const Files& files) {
        const BuildResult built = build(sources(files), budgets);
        return built.errors.empty() ? std::string("loaded") : built.errors[0].message;
    };
    const Files loads{{"lib/slow.lua", loop + "return {}"}};
    const Files tries{{"capacity/slow.lua", "return function() " + loop + "return true end"}};
    const Files figures{{"statistics/slow.lua", "return function() " + loop + "return 1 end"}};
    EXPECT_EQ(refusal(loads) + refusal(tries) + refusal(figures), "loadedloadedloaded");
    budgets.load_instructions = 20'000;
    EXPECT_THAT(refusal(loads), HasSubstr("scripts/lib/slow.lua:1: used up its 20000 instructions"));
    EXPECT_EQ(refusal(tries), "loaded") << "it loads at once, and is tried with what a function has";
    budgets = {};
    budgets.function_instructions = 20'000;
    EXPECT_EQ(refusal(loads), "loaded");
    EXPECT_THAT(refusal(tries), HasSubstr("scripts/capacity/slow.lua:1: used up its 20000 instructions"));
    EXPECT_THAT(refusal(figures), HasSubstr("scripts/statistics/slow.lua:1: used up its 20000"));

    load({{"capacity/later.lua",
           "return function(load) if load.chat > 0 then " + loop + "end return true end"},
          {"strategies/main.lua", "return function(ix) end"}});
    std::string error;
    EXPECT_FALSE(host().capacity_allows("later", {1, 0, 0}, "chat", &error));
    EXPECT_THAT(error, HasSubstr("used up its 20000 instructions"));

    const std::string closes = "local x <close> = setmetatable({}, {__close = function() " + loop +
                               "log.info('closed') end})\nwhile true do end";
    const auto closed_with = [&](std::int64_t instructions) {
        budgets = {};
        budgets.close_instructions = instructions;
        port.calls.clear();
        load_body(closes);
        EXPECT_EQ(start().outcome, Outcome::failed);
        return logged();
    };
    EXPECT_EQ(closed_with(10'000), "");
    EXPECT_EQ(closed_with(200'000), "closed");
}

TEST_F(Budget, IsGivenAnewWithEachCommandThatResumesIt) {
    load_body("for n = 1, 20 do for m = 1, 100000 do end ix:sleep(1) end");
    Run run = start();
    for (int n = 0; n < 20; ++n) {
        ASSERT_EQ(run.outcome, Outcome::waiting);
        host().begin_command();
        run = host().resume(id, Elapsed{});
    }
    EXPECT_EQ(run.outcome, Outcome::finished);
}

TEST_F(Budget, IsNotRenewedByWaitsThatEndInTheSameCommand) {
    load_body("while true do\nix:route_to('9999')\nend");
    Run run = start();
    int waits = 0;
    for (; run.outcome == Outcome::waiting && waits < 100'000; ++waits)
        run = host().resume(id, NotRouted{routing::RouteFailure::no_target});
    ASSERT_EQ(run.outcome, Outcome::failed);
    EXPECT_LT(waits, 2'000);
    EXPECT_EQ(run.error->kind, FailureKind::instructions);
    EXPECT_EQ(run.error->line, 3) << run.error->message;
    EXPECT_FALSE(host().running(id));
}

TEST_F(Budget, AFullGenerationStartsNothingNew) {
    budgets.generation_bytes = 1'350'000;
    budgets.interaction_bytes = 1'400'000;
    load_body("local t = {} for n = 1, 60000 do t[n] = n end ix:sleep(1)");
    ASSERT_EQ(start().outcome, Outcome::waiting);
    const Run run = host().start(CallUuid{5, 5}, "main");
    ASSERT_EQ(run.outcome, Outcome::failed);
    EXPECT_EQ(run.error->kind, FailureKind::memory);
}

TEST_F(Budget, EveryAllocationMayFail) {
    // The out-of-memory sweep: whatever the limit, the run ends in order and the next one works.
    for (std::int64_t bytes = 1000; bytes < 40'000; bytes += 500) {
        budgets.interaction_bytes = bytes;
        const BuildResult built = build(sources({{"strategies/main.lua", R"(return function(ix)
            local t = {}
            for n = 1, 200 do t[n] = ("%d %s"):format(n, n .. "x"):gsub("x", "y") end
            table.sort(t)
            for k, v in pairs(t) do t[k] = json.encode{v} end
            ix:attach{a = table.concat(t, ",", 1, 20)}
            coroutine.wrap(function() ix:sleep(1) end)()
          end)"}}),
                                        budgets);
        ASSERT_TRUE(built.generation);
        scripting::Host own(port, budgets);
        own.adopt(Generation(1), built.generation);
        for (int n = 0; n < 2; ++n) {
            const Run run = own.start(id, "main");
            if (run.outcome == Outcome::failed) {
                EXPECT_EQ(run.error->kind, FailureKind::memory) << run.error->message;
            } else {
                EXPECT_EQ(own.resume(id, Elapsed{}).outcome, Outcome::finished);
            }
            EXPECT_EQ(own.runs(), 0U);
        }
    }
}

}  // namespace
}  // namespace trunkline::scripting::testing
