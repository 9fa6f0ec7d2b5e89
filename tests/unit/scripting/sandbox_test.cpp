#include <cmath>
#include <cstdio>
#include <limits>

#include "tests/unit/scripting/scripts.hpp"

namespace trunkline::scripting::testing {
namespace {

using ::testing::HasSubstr;

class Sandbox : public Scripts {};
class Pairs : public Scripts {};
class Strings : public Scripts {};
class Coroutines : public Scripts {};

TEST_F(Sandbox, ReachesNothingOfTheMachine) {  // lessons B8.64
    EXPECT_EQ(
        said(
            R"(for _, name in ipairs{"io", "debug", "package", "dofile", "loadfile", "collectgarbage", "loadstring"} do
                        log.info(name, _G[name]) end
                      for _, name in ipairs{"execute", "exit", "getenv", "remove", "rename", "clock", "tmpname", "setlocale"} do
                        log.info(name, os[name]) end
                      log.info(string.dump, math.randomseed, coroutine.close ~= nil))"),
        "io nil|debug nil|package nil|dofile nil|loadfile nil|collectgarbage nil|loadstring nil|execute "
        "nil|exit nil|getenv nil|"
        "remove nil|rename nil|clock nil|tmpname nil|setlocale nil|nil nil true");
}

TEST_F(Sandbox, LoadsTextOnlyAndInTheSameGlobals) {
    EXPECT_EQ(
        said(R"(log.info(load("return 1 + 1")())
                      log.info(load("\27Lua"))
                      log.info(load("\27Lua", "x", "b"))
                      log.info(pcall(load("sneaky = 1")))
                      log.info(load("return x", "c", "t", {x = 5})()))"),
        "2|nil attempt to load a binary chunk (mode is 't')|nil attempt to load a binary chunk (mode is 't')|"
        "false [string \"sneaky = 1\"]:1: 'sneaky' assigned: a global is shared by all interactions and "
        "read-only; write 'local' before it|5");
}

TEST_F(Sandbox, AGlobalByAccidentIsAnErrorThatNamesIt) {
    EXPECT_EQ(error_of("local a = 1\ncuonter = a"),
              "strategies/main.lua:3: 'cuonter' assigned: a global is shared by all interactions and "
              "read-only; write 'local' before it");
    EXPECT_THAT(error_of("print = nil"), HasSubstr("'print' assigned"));
    EXPECT_THAT(error_of("rawset(_G, 'x', 1)"), HasSubstr("rawset: this table is shared"));
    EXPECT_THAT(error_of("string.trim = function() end"),
                HasSubstr("'trim' assigned: the library is shared"));
    EXPECT_EQ(said("log.info(getmetatable(''))"), "read-only");
    EXPECT_THAT(error_of("setmetatable(string, {})"), HasSubstr("protected metatable"));
}

TEST_F(Sandbox, NothingTellsAnAddress) {
    EXPECT_EQ(
        said(
            R"(log.info(tostring({}), tostring(print), tostring(coroutine.create(print)), tostring(ix.userdata))
                      log.info(string.format("%s %s %5.1f", {}, print, 2), pcall(string.format, "%p", {}))
                      log.info(tostring(setmetatable({}, {__tostring = function() return "mine" end})), tostring(target.group "x"))
                      log.info(tostring(setmetatable({}, {__name = "Account"}))))"),
        "table function thread userdata of an interaction|table function   2.0 false format: '%p' is not "
        "available: an address "
        "differs between two runs|mine group:x|Account");
}

TEST_F(Sandbox, NoFinalizersAndNoWeakTables) {
    EXPECT_THAT(error_of("setmetatable({}, {__gc = function() end})"), HasSubstr("__gc is not available"));
    EXPECT_THAT(error_of("setmetatable({}, {__mode = 'k'})"), HasSubstr("__mode is not available"));
}

TEST_F(Sandbox, TimeIsTheEnginesTime) {
    EXPECT_EQ(said(R"(log.info(os.time(), time.now(), os.date("!%Y-%m-%d %H:%M:%S"), os.date("*t", 0).year)
                      log.info(os.time{year = 2024, month = 14, day = -3, hour = 0}, os.difftime(5, 3)))"),
              "1700000000 1700000000.0 2023-11-14 22:13:20 1970|1738022400 2.0");
}

TEST_F(Sandbox, RandomIsTheEnginesGenerator) {
    Random dice(42);  // that of the port
    const auto draw = [&](std::int64_t low, std::uint64_t size) {
        return std::to_string(low + static_cast<std::int64_t>(dice() % size));
    };
    std::string expected;
    for (int n = 0; n < 50; ++n) {
        char real[32];
        std::snprintf(real, sizeof real, "%.17g", std::ldexp(static_cast<double>(dice() >> 11U), -53));
        expected += (n == 0 ? "" : "|") + std::string(real);
        expected += " " + draw(1, 6);
        expected += " " + draw(-5, 11);
        expected += " " + std::to_string(static_cast<std::int64_t>(dice()));  // 0: all bits
        expected += " " + std::to_string(static_cast<std::int64_t>(
                              dice() + static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::min())));
        dice();
        expected += " 7";
    }
    EXPECT_EQ(said(R"(for n = 1, 50 do
                        log.info(("%.17g"):format(math.random()), math.random(6), math.random(-5, 5), math.random(0),
                                 math.random(math.mininteger, math.maxinteger), math.random(7, 7))
                      end)"),
              expected);
}

TEST_F(Sandbox, RandomReachesBothEndsAndNothingBeyond) {
    EXPECT_EQ(said(R"(local seen, low, high, negative = {}, 1, 0, 0
                      for n = 1, 2000 do
                        seen[math.random(3)] = true
                        seen[math.random(-2, -1)] = true
                        local real = math.random()
                        low, high = math.min(low, real), math.max(high, real)
                        if math.random(0) < 0 then negative = negative + 1 end
                      end
                      for key in pairs(seen) do log.info(key) end
                      log.info(low >= 0 and low < 0.01, high < 1 and high > 0.99, negative > 800 and negative < 1200))"),
              "-2|-1|1|2|3|true true true");
    EXPECT_THAT(error_of("math.random(3, 1)"), HasSubstr("interval is empty"));
    EXPECT_THAT(error_of("math.random(-1)"), HasSubstr("interval is empty"));
    EXPECT_THAT(error_of("math.random(1, 2, 3)"), HasSubstr("wrong number of arguments"));
}

TEST_F(Sandbox, JsonGoesBothWaysInOneOrder) {
    EXPECT_EQ(said(R"(log.info(json.encode{b = 1, a = {1, 2, {}}, c = "x\"y", d = 1.5, e = true})
                      local v = json.decode '{"a": [1, {"b": null}], "n": 2.5}'
                      log.info(v.a[1], v.a[2].b, v.n, json.decode "{")
                      local t = {} t.t = t
                      log.info(pcall(json.encode, t)))"),
              R"({"a":[1,2,{}],"b":1,"c":"x\"y","d":1.5E0,"e":true}|1 nil 2.5 nil not JSON: incomplete JSON|)"
              "false json.encode: nested more than 32 deep (or in a circle)");
}

TEST_F(Pairs, GoesThroughIntegersThenStringsThenTheRestByCreation) {
    EXPECT_EQ(said(R"(local one, two, three = {}, {}, {}
                      local names = {[one] = "one", [two] = "two", [three] = "three"}
                      local t = {b = 1, a = 1, [10] = 1, [2] = 1, [-1] = 1, ["10"] = 1, [1.5] = 1, [true] = 1, [three] = 1, [one] = 1, [two] = 1}
                      local order = {}
                      for key in pairs(t) do order[#order + 1] = names[key] or tostring(key) end
                      log.info(table.concat(order, " "))
                      local again, key = {}, nil
                      repeat key = next(t, key) if key ~= nil then again[#again + 1] = names[key] or tostring(key) end until key == nil
                      log.info(table.concat(again, " ")))"),
              "-1 2 10 10 a b 1.5 true one two three|-1 2 10 10 a b 1.5 true one two three");
}

TEST_F(Pairs, KeepsLuasRules) {
    EXPECT_EQ(said(R"(local t = {a = 1, b = 2, c = 3}
                      for key in pairs(t) do if key == "a" then t.b = nil end t[key] = nil end
                      log.info(next(t), next({}), rawlen{1, 2})
                      local p = setmetatable({}, {__pairs = function() return function(_, k) if not k then return "mine", 1 end end, nil, nil end})
                      for key, value in pairs(p) do log.info(key, value) end
                      log.info(pcall(function() local x = pairs(nil) end))
                      for name in pairs(os) do log.info(name) end)"),
              "nil nil 2|mine 1|false strategies/main.lua:7: bad argument #1 to 'pairs' (table expected, got "
              "nil)|date|difftime|time");
}

TEST_F(Pairs, TwoGenerationsGoThroughTheSameTableAlike) {
    const std::string body = R"(local t = {} for n = 1, 200 do t["k" .. (n * 7919 % 1000)] = n t[{}] = n end
        local out = {} for k, v in pairs(t) do out[#out + 1] = v end log.info(table.concat(out, ",")))";
    const std::string first = said(body);
    EXPECT_EQ(said(body), first);
}

TEST_F(Strings, PatternsWorkAsInLua) {
    EXPECT_EQ(
        said(R"lua(log.info(("key = value"):match("^(%w+)%s*=%s*(%w+)$"))
                      log.info(("hello world"):find("o w"), ("hello"):find("l+"), ("a.b"):find(".", 1, true), ("abc"):find("b", -1))
                      log.info(("THE (quick) fox"):find("%((%a+)%)"))
                      log.info(("f(a(b)c)d"):match("%b()"), ("THE (quick) fox"):match("%f[%a]%a+", 5), ("abcabc"):match("(abc)%1"))
                      log.info(("hello"):gsub("l", "L"), ("hello"):gsub("", "-"), ("abc"):gsub("%w", "%0%0", 2))
                      log.info(("$name is $age"):gsub("%$(%w+)", {name = "sue", age = 7}), ("abc"):gsub("b", function() return false end))
                      for k, v in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do log.info(k, v) end
                      log.info(("x"):match("()x()"), ("[]]"):match("[]]"), ("a-z"):match("[a%-]+"), ("é"):len())
                      log.info(pcall(string.match, "a", "[a")) log.info(pcall(string.match, "a", "(a"))
                      log.info(pcall(string.gsub, "a", "a", "%9")))lua"),
        "key value|5 3 2 nil|5 11 quick|(a(b)c) quick abc|heLLo -h-e-l-l-o- aabbc 2|sue is 7 abc 1|a 1|b 2|1 "
        "] a- 2|"
        "false malformed pattern (missing ']')|false unfinished capture|false invalid capture index %9");
}

TEST_F(Strings, SortIsStableAndForgivesABadComparison) {
    EXPECT_EQ(said(R"(local t = {} for n = 1, 300 do t[n] = {n % 3, n} end
                      table.sort(t, function(a, b) return a[1] < b[1] end)
                      local ok = true for n = 2, 300 do if t[n - 1][1] == t[n][1] and t[n - 1][2] > t[n][2] then ok = false end end
                      log.info(ok) table.sort(t, function() return true end) log.info(#t)
                      local s = {"b", "a", "c"} table.sort(s) log.info(table.concat(s)))"),
              "true|300|abc");
}

TEST_F(Coroutines, AWaitInsideACoroutineSuspendsTheWholeStrategy) {
    load_body(R"(local steps = coroutine.wrap(function(first)
                   log.info("in", first)
                   log.info(ix:receive_text{timeout = 1})
                   local back = coroutine.yield("mid")
                   log.info(back, coroutine.wrap(function() return ix:sleep(2) end)())
                   return "end"
                 end)
                 log.info(steps("a"))
                 log.info(steps("b")))");
    Run run = start();
    ASSERT_EQ(run.outcome, Outcome::waiting);
    EXPECT_EQ(to_text(*run.wait), "text 1 first");
    run = host().resume(id, TextArrived{"hi"});
    ASSERT_EQ(run.outcome, Outcome::waiting);
    EXPECT_EQ(to_text(*run.wait), "time 2");
    EXPECT_EQ(host().resume(id, Elapsed{}).outcome, Outcome::finished);
    EXPECT_EQ(logged(), "in a|hi|mid|b true|end");
}

TEST_F(Coroutines, ErrorsInsideOneStayInsideOne) {
    EXPECT_EQ(said(R"(log.info(coroutine.resume(coroutine.create(function() error("oops", 0) end)))
                      local co = coroutine.create(function() end) coroutine.resume(co)
                      log.info(coroutine.status(co), coroutine.resume(co))
                      log.info(pcall(coroutine.wrap(function() error({}) end)))
                      log.info(pcall(coroutine.yield)))"),
              "false oops|dead false cannot resume dead coroutine|false table|"
              "false coroutine.yield outside a coroutine that the script created: use ix:sleep to wait");
}

TEST_F(Coroutines, WaitingWhereLuaCannotWaitIsOneClearError) {
    EXPECT_THAT(
        error_of("table.sort({2, 1}, function(a, b) ix:sleep(1) return a < b end)"),
        HasSubstr("main.lua:2: ix:sleep waits, which is not possible inside a comparison of table.sort"));
}

}  // namespace
}  // namespace trunkline::scripting::testing
