// Budgets that nothing swallows. Each script here would hold the engine or eat its memory; each fails alone,
// and the bystander, an interaction in the same generation that is served right behind it, works on. What it
// had to wait is printed and not checked: a figure, not a rule of this machine. lessons B8.65, B8.66
#include <chrono>
#include <iostream>

#include "tests/unit/scripting/scripts.hpp"

namespace trunkline::scripting::testing {
namespace {

using ::testing::AnyOf;
using ::testing::Eq;
using ::testing::StartsWith;

struct Bomb {
    const char* name;
    const char* body;
};

void PrintTo(const Bomb& bomb, std::ostream* out) { *out << bomb.name; }

class Bombs : public Scripts, public ::testing::WithParamInterface<Bomb> {};

TEST_P(Bombs, EndAloneWithFileAndLineWhileABystanderWorksOn) {
    load({{"strategies/main.lua", std::string("return function(ix)\n") + GetParam().body + "\nend\n"},
          {"strategies/bystander.lua",
           "return function(ix) local kept = ('k'):rep(1000) ix:sleep(1) log.info('served', #kept) end"}});
    const CallUuid bystander{7, 7};
    port.interactions[bystander] = port.interactions[id];
    ASSERT_EQ(host().start(bystander, "bystander").outcome, Outcome::waiting);
    const auto begun = std::chrono::steady_clock::now();
    const Run run = start();
    const auto ended = std::chrono::steady_clock::now();
    ASSERT_EQ(run.outcome, Outcome::failed);
    EXPECT_THAT(run.error->kind, AnyOf(Eq(FailureKind::instructions), Eq(FailureKind::memory)))
        << run.error->message;
    EXPECT_THAT(run.error->message, StartsWith("strategies/main.lua:"));
    EXPECT_GT(run.error->line, 1);
    port.calls.clear();
    EXPECT_EQ(host().resume(bystander, Elapsed{}).outcome, Outcome::finished);
    EXPECT_EQ(logged(), "served 1000");
    EXPECT_EQ(host().runs(), 0U);
    std::cout << "[ delay    ] " << GetParam().name << ": "
              << std::chrono::duration_cast<std::chrono::microseconds>(ended - begun).count() << " us\n";
}

const Bomb bombs[] = {
    {"Loop", "while true do end"},
    {"LoopUnderPcall", "while true do pcall(function() while true do end end) end"},
    {"LoopUnderPcalls", "local function f() while true do pcall(f) end end f()"},
    {"LoopInErrorHandler", "while true do xpcall(error, function() while true do end end) end"},
    {"LoopInCoroutine", "while true do coroutine.wrap(function() while true do end end)() end"},
    {"LoopInNestedCoroutines",
     "local function deep(n) coroutine.wrap(function() if n == 0 then while true do end end deep(n - 1) "
     "end)() "
     "end\nwhile true do pcall(deep, 50) end"},
    {"LoopInComparison", "while true do pcall(table.sort, {3, 2, 1}, function() while true do end end) end"},
    {"LoopInIndex",
     "local t = setmetatable({}, {__index = function() while true do end end})\nwhile true do "
     "pcall(function() "
     "return t.x end) end"},
    {"LoopInLessThan",
     "local m = {__lt = function() while true do end end}\nlocal a, b = setmetatable({}, m), "
     "setmetatable({}, "
     "m)\nwhile true do pcall(function() return a < b end) end"},
    {"LoopInConcat",
     "local a = setmetatable({}, {__concat = function() while true do end end})\nwhile true do "
     "pcall(function() return a .. 'x' end) end"},
    {"LoopInEquals",
     "local m = {__eq = function() while true do end end}\nlocal a, b = setmetatable({}, m), "
     "setmetatable({}, "
     "m)\nwhile true do pcall(function() return a == b end) end"},
    {"LoopInClose",
     "while true do pcall(function() local c <close> = setmetatable({}, {__close = function() while true do "
     "end "
     "end}) end) end"},
    {"LoopInToString",
     "local t = setmetatable({}, {__tostring = function() while true do end end})\nwhile true do "
     "pcall(tostring, t) end"},
    {"LoopInPairs",
     "local t = setmetatable({}, {__pairs = function() return function() return 1 end end})\nfor _ in "
     "pairs(t) "
     "do end"},
    {"LoopInReplacement",
     "while true do pcall(string.gsub, 'abc', '.', function() while true do end end) end"},
    {"LoopInLoadReader", "while true do pcall(load, function() while true do end end) end"},
    {"CoroutinesWithoutWork", "while true do coroutine.wrap(function() end)() end"},
    {"NestedQuantifiers",
     "local s = ('a'):rep(2000)\nwhile true do pcall(string.find, s, '.-.-.-.-.-b') end"},
    {"NestedSets",
     "local s = ('a'):rep(5000)\nwhile true do pcall(string.match, s, '[%w_]*[%w_]*[%w_]*!') end"},
    {"BalancedFromEverywhere", "local s = ('('):rep(50000)\nwhile true do s:find('%b()') end"},
    {"Replacing", "local s = ('a'):rep(50000)\nwhile true do s:gsub('a', 'b') end"},
    {"GrowingReplacement", "local s = ('a'):rep(1000)\nwhile true do s = s:gsub('a', 'aa') end"},
    {"Repeating", "local t = {}\nwhile true do t[#t + 1] = ('x'):rep(10000) end"},
    {"RepeatingNothing", "while true do (''):rep(1 << 40) end"},
    {"Upper", "local s = ('a'):rep(400000)\nwhile true do s:upper() end"},
    {"Reverse", "local s = ('a'):rep(400000)\nwhile true do s:reverse() end"},
    {"Bytes", "local s = ('a'):rep(200)\nwhile true do s:byte(1, -1) end"},
    {"Packing", "local s = ('a'):rep(200000)\nwhile true do string.pack('s4', s) end"},
    {"Formatting", "local s = ('a'):rep(200000)\nwhile true do string.format('%s', s) end"},
    {"Concatenating",
     "local t = {}\nfor n = 1, 10000 do t[n] = 'xxxx' end\nwhile true do table.concat(t) end"},
    {"Moving", "local t = {1}\nwhile true do table.move(t, 1, 1 << 40, 2) end"},
    {"MovingWithinItself",
     "local t = {}\nfor n = 1, 10000 do t[n] = n end\nwhile true do table.move(t, 1, 10000, 2) end"},
    {"Unpacking",
     "local t = {}\nfor n = 1, 5000 do t[n] = n end\nwhile true do select('#', table.unpack(t)) end"},
    {"InsertingInFront", "local t = {}\nwhile true do table.insert(t, 1, 0) end"},
    {"Sorting", "local t = {}\nfor n = 1, 20000 do t[n] = -n end\nwhile true do table.sort(t) end"},
    {"CountingCharacters", "local s = ('\\u{e4}'):rep(100000)\nwhile true do utf8.len(s) end"},
    {"WalkingCharacters", "local s = ('\\u{e4}'):rep(100000)\nwhile true do utf8.offset(s, 90000) end"},
    {"EncodingTheSameAgain",
     "local t = {1}\nfor n = 1, 30 do t = {t, t} end\nwhile true do pcall(json.encode, t) end"},
    {"EncodingLongStrings",
     "local s = ('x'):rep(300000)\nwhile true do pcall(json.encode, {s, s, s, s, s, s, s, s}) end"},
    {"DecodingWide", "local s = '[' .. ('1,'):rep(100000) .. '1]'\nwhile true do json.decode(s) end"},
    {"DecodingDeep", "local s = ('['):rep(200000)\nwhile true do json.decode(s) end"},
    {"EqualLongStrings",
     "local a, b = ('x'):rep(300000) .. '1', ('x'):rep(300000) .. '2'\nwhile true do local same = a == b "
     "end"},
    {"OrderedLongStrings",
     "local a, b = ('x'):rep(300000) .. '1', ('x'):rep(300000) .. '2'\nwhile true do local less = a < b end"},
    {"KeysOfLongStrings", "local t, s = {}, ('x'):rep(300000)\nwhile true do t[s .. 'y'] = nil end"},
    {"DoublingAString", "local s = 'xxxxxxxxxxxxxxxx'\nwhile true do s = s .. s end"},
    {"DoublingAStringUnderPcall",
     "while true do pcall(function() local s = 'xxxxxxxxxxxxxxxx' while true do s = s .. s end end) end"},
    {"GrowingATable", "local t = {}\nfor n = 1, 1e9 do t[n] = n end"},
    {"GrowingTables", "local t = {}\nwhile true do t[#t + 1] = {{}, {}} end"},
    {"GrowingClosures", "local t = {}\nwhile true do local x = #t t[x + 1] = function() return x end end"},
    {"GrowingCoroutines", "local t = {}\nwhile true do t[#t + 1] = coroutine.create(function() end) end"},
    {"GrowingTheStack", "local function f(n) return 1 + f(n + 1) end\nwhile true do pcall(f, 1) end"},
    {"Logging", "local s = ('x'):rep(200000)\nwhile true do log.info(s) end"},
    {"Writing", "while true do ix:send_text('hello') end"},
    {"Attaching", "local s = ('x'):rep(10000)\nwhile true do ix:attach{a = s} end"},
    {"Compiling", "local s = ('local a = 1 '):rep(5000)\nwhile true do load(s) end"},
};

INSTANTIATE_TEST_SUITE_P(All, Bombs, ::testing::ValuesIn(bombs),
                         [](const auto& bomb) { return std::string(bomb.param.name); });

TEST_F(Scripts, AFormatThatIsTooWideIsAnErrorAtItsLine) {
    EXPECT_THAT(error_of("return ('%99999d'):format(1)"), StartsWith("strategies/main.lua:2:"));
}

}  // namespace
}  // namespace trunkline::scripting::testing
