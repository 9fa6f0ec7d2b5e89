// What a file keeps is shared by all interactions of a generation; nothing in it may remember one of them.
// Refused when the file loads, at the line that would remember.
#include "tests/unit/scripting/scripts.hpp"

namespace trunkline::scripting::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::vector<std::string> errors_of_files(const Files& files) {
    std::vector<std::string> messages;
    for (const ScriptError& error : build(sources(files), Budgets{}).errors)
        messages.push_back(error.message);
    return messages;
}
std::vector<std::string> errors_in_library(const std::string& text) {
    return errors_of_files({{"lib/kept.lua", text}});
}

std::string refused(int line, const std::string& variable) {
    return "scripts/lib/kept.lua:" + std::to_string(line) + ": '" + variable +
           "' is assigned by a function that all interactions share";
}

struct Refused {
    const char* name;
    const char* text;
    int line;
    const char* variable;
};

class SharedState : public ::testing::TestWithParam<Refused> {};

TEST_P(SharedState, IsRefusedAtItsLine) {
    const Refused& given = GetParam();
    EXPECT_THAT(errors_in_library(given.text), ElementsAre(StartsWith(refused(given.line, given.variable))));
}

INSTANTIATE_TEST_SUITE_P(Ways, SharedState,
                         ::testing::Values(Refused{"Counter", R"(local count = 0
return {
  next = function()
    count = count + 1
    return count
  end,
})",
                                                   4, "count"},
                                           Refused{"Memory", R"(local last_asked, last_answer
local function slow(x) return x * 2 end
return function(x)
  if x == last_asked then return last_answer end
  last_asked, last_answer = x, slow(x)
  return last_answer
end)",
                                                   5, "last_answer"},
                                           Refused{"InAFunctionInside", R"(local best
return { pick = function(agents)
  table.sort(agents, function(a, b)
    best = a
    return a < b
  end)
end })",
                                                   4, "best"},
                                           Refused{"OfAMakerThatRanWhileLoading", R"(local function counter()
  local n = 0
  return function() n = n + 1; return n end
end
return { count = counter() })",
                                                   3, "n"},
                                           Refused{"BehindAnotherFunction", R"(local seen = 0
local function note() seen = seen + 1 end
return { ask = function() note() end })",
                                                   2, "seen"},
                                           Refused{"InAMetamethod", R"(local reads = 0
return setmetatable({}, { __index = function(_, key)
  reads = reads + 1
  return key .. reads
end }))",
                                                   3, "reads"},
                                           Refused{"TheEnvironment", R"(return function(x)
  _ENV = { hidden = x }
end)",
                                                   2, "_ENV"},
                                           Refused{"ByAFunctionGivenAfterwards", R"(local handler
local function set(f)
  handler = f
end
return { set = set })",
                                                   3, "handler"}),
                         [](const auto& given) { return given.param.name; });

// The line of an instruction far down a function is told in steps from the last known one.
TEST(SharedStateOfLibraries, OfALongFunctionIsFoundAtItsOwnLine) {
    std::string text = "local far\nreturn function(x)\n";
    for (int line = 3; line < 902; ++line) text += line % 7 == 0 ? "\n" : "  x = x + 1\n";
    text += "  far = x\nend";
    EXPECT_THAT(errors_in_library(text), ElementsAre(StartsWith(refused(902, "far"))));
    EXPECT_THAT(errors_in_library("local far\n" + std::string(500, '\n') + "return function() far = 1 end"),
                ElementsAre(StartsWith(refused(502, "far"))));
}

TEST(SharedStateOfLibraries, IsNoneWhereOnlyTheLoadingFileAssigns) {
    EXPECT_THAT(errors_in_library(R"(
local function factorial(n) return n < 2 and 1 or n * factorial(n - 1) end
local even, odd
function even(n) return n == 0 or odd(n - 1) end
odd = function(n) return n ~= 0 and even(n - 1) end
local total = 0
local function add(n) total = total + n end          -- used while it loads, not kept
for n = 1, 10 do add(factorial(n)) end
local names = {}
for _, name in ipairs{"a", "b"} do names[name] = #name end
local function words(text)
  local at = 0                                        -- of one call
  return function()
    local from, to = text:find("%a+", at + 1)
    if from then at = to; return text:sub(from, to) end
  end
end
local function walk(tree)
  local visit, found                                  -- of one call, too
  visit = function(node) found = node; for _, child in ipairs(node) do visit(child) end end
  visit(tree)
  return found
end
return {factorial = factorial, even = even, total = total, names = names, words = words, walk = walk,
        lines = function(text) return text:gmatch("[^\n]+") end,
        each = function(t) return coroutine.wrap(function() for _, v in ipairs(t) do coroutine.yield(v) end end) end})"),
                IsEmpty());
}

TEST(SharedStateOfLibraries, IsNoCoroutineOrIteratorEither) {
    EXPECT_THAT(errors_in_library("return { tickets = coroutine.wrap(function() for n = 1, 9 do "
                                  "coroutine.yield(n) end end) }"),
                ElementsAre(StartsWith("scripts/lib/kept.lua: a coroutine is kept")));
    EXPECT_THAT(errors_in_library("local co = coroutine.create(function() end)\n"
                                  "return { ask = function() return coroutine.resume(co) end }"),
                ElementsAre(HasSubstr("a coroutine is kept")));
    EXPECT_THAT(errors_in_library("local next_word = ('a b c'):gmatch('%a')\n"
                                  "return function() return next_word() end"),
                ElementsAre(HasSubstr("an iterator of string.gmatch or pairs is kept")));
    EXPECT_THAT(errors_in_library("return { walk = (pairs{1, 2, 3}) }"),
                ElementsAre(HasSubstr("an iterator of string.gmatch or pairs is kept")));
}

TEST(SharedStateOfTreatmentsAndRules, IsRefusedToo) {
    const std::string remembers =
        "local last\nreturn function(x)\n  local former = last\n  last = x\n  return former == nil\nend";
    EXPECT_THAT(errors_of_files({{"treatments/greet.lua", remembers}}),
                ElementsAre(StartsWith("scripts/treatments/greet.lua:4: 'last' is assigned")));
    EXPECT_THAT(errors_of_files({{"capacity/turns.lua", remembers}}),
                ElementsAre(StartsWith("scripts/capacity/turns.lua:4: 'last' is assigned")));
    EXPECT_THAT(
        errors_of_files({{"statistics/turns.lua", "local n = 0\nreturn function() n = n + 1 return n end"}}),
        ElementsAre(StartsWith("scripts/statistics/turns.lua:2: 'n' is assigned")));
    EXPECT_THAT(errors_of_files({{"presence/turns.lua", remembers}}),
                ElementsAre(StartsWith("scripts/presence/turns.lua:4: 'last' is assigned")));
}

TEST(SharedStateOfStrategies, IsTheirOwnForTheirMainChunkRunsAnew) {
    EXPECT_THAT(errors_of_files({{"strategies/main.lua", R"(
local asked = 0
local function ask(ix) asked = asked + 1; return ix:receive_text{} end
return function(ix) ask(ix); ask(ix); log.info(asked) end)"}}),
                IsEmpty());
}

}  // namespace
}  // namespace trunkline::scripting::testing
