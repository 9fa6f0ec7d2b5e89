#include "tests/unit/scripting/scripts.hpp"

namespace trunkline::scripting::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Host : public Scripts {};

TEST_F(Host, RunsAStrategyFromWaitToWait) {
    load_body(R"(
      local text, reason = ix:receive_text{timeout = 5}
      log.info("got", text, reason)
      local result = ix:route{targets = {target.group "All_Agents", target.skill "billing>=5"}, timeout = 30, priority = 7, queue = "VQ"}
      log.info(result.agent, result.dn, result.target, result.waited, result.place)
      log.info(ix:route_to("5001"))
      log.info(ix:sleep(2)))");
    Run run = start();
    ASSERT_EQ(run.outcome, Outcome::waiting);
    EXPECT_EQ(to_text(*run.wait), "text 5 first");
    run = host().resume(id, TextArrived{"hello"});
    ASSERT_EQ(run.outcome, Outcome::waiting);
    EXPECT_EQ(to_text(*run.wait), "route group:All_Agents skill:billing >= 5 30 priority 7 queue VQ");
    EXPECT_EQ(std::get<WaitForRoute>(*run.wait).request.file, "strategies/main.lua");
    EXPECT_EQ(std::get<WaitForRoute>(*run.wait).request.line, 5);
    run = host().resume(id, Routed{{"ann", "7001", "", "group:All_Agents", seconds(3)}});
    EXPECT_EQ(to_text(*run.wait), "to 5001");
    run = host().resume(id, NotRouted{routing::RouteFailure::rejected});
    EXPECT_EQ(to_text(*run.wait), "time 2");
    run = host().resume(id, Elapsed{});
    EXPECT_EQ(run.outcome, Outcome::finished);
    EXPECT_FALSE(host().running(id));
    EXPECT_EQ(logged(), "got hello nil|ann 7001 group:All_Agents 3.0 nil|nil rejected|true");
}

TEST_F(Host, ShowsTheFieldsOfTheInteraction) {
    EXPECT_EQ(
        said(R"(log.info(ix.id, ix.conn_id, ix.media, ix.media_type, ix.ani, ix.customer, ix.routing_point)
                      log.info(ix.tenant, ix.priority, ix.elapsed, ix.created, ix.agent, ix.position)
                      log.info(ix.dnis, ix.call_type, ix.strategy, ix.state))"),
        "00000000000000010000000000000002 0000000000000123 chat 5 sue sip:sue@example.com 1111|"
        "Resources 0 5.0 1699999995.0 nil nil|1111 inbound main treatment");
}

TEST_F(Host, UserDataReadsAsATableAndWritesThrough) {
    port.data[id].add("segment", KvValue("gold"));
    EXPECT_EQ(said(R"(ix.userdata.topic = "billing"
                      ix.userdata.segment = nil
                      ix:attach{count = 3, order = {id = "A1"}, open = true}
                      for key, value in pairs(ix.userdata) do log.info(key, value) end
                      log.info(ix.userdata.order.id, ix.userdata.segment))"),
              "count 3|open true|order table|topic billing|A1 nil");
    EXPECT_THAT(port.calls, Contains(R"(attach {"count":3,"open":"true","order":{"id":"A1"}})"));
    EXPECT_THAT(port.calls, Contains("detach segment"));
}

TEST_F(Host, MisuseNamesFunctionLineAndWhatIsRight) {
    EXPECT_EQ(error_of("ix:route{targets = 'All_Agents'}"),
              "strategies/main.lua:2: ix:route: targets must be a list of target.* values, got string");
    EXPECT_EQ(
        error_of("ix:route{targets = {'All_Agents'}}"),
        "strategies/main.lua:2: ix:route: targets must be a list of target.* values, got string as number 1");
    EXPECT_THAT(error_of("ix:route{target = {}}"),
                HasSubstr("main.lua:2: ix:route: unknown key 'target'; known are targets, timeout"));
    EXPECT_THAT(error_of("ix:route{targets = {target.group 'x'}, statistic = 'Best'}"),
                HasSubstr("statistic 'Best' is not known"));
    EXPECT_EQ(error_of("\n\ntarget.skill(('billing >> 5'))").substr(0, 50),
              "strategies/main.lua:4: target.skill: skill express");
    EXPECT_THAT(error_of("ix:sleep(-1)"), HasSubstr("from 0 to 2592000 seconds"));
    EXPECT_THAT(error_of("ix.priority = 3"),
                HasSubstr("main.lua:2: ix.priority is read-only: use ix:set_priority(n)"));
    EXPECT_THAT(error_of("ix:collect_digits{timeout = 3}"),
                HasSubstr("main.lua:2: collect_digits: total_timeout"));
    EXPECT_THAT(error_of("ix:treat('dan' .. 'ce')"), HasSubstr("there is no treatment 'dance'"));
}

TEST_F(Host, ATargetThatDoesNotExistIsToldAndLeftOut) {
    port.absent_targets = {"group:Nobody"};
    load_body(R"(log.info(ix:route{targets = {target.group "Nobody"}})
                 ix:route{targets = {target.group "Nobody", target.group "All_Agents"}})");
    const Run run = start();
    EXPECT_EQ(to_text(*run.wait), "route group:All_Agents 0");
    EXPECT_EQ(logged(), "nil no_target");
    EXPECT_THAT(port.calls,
                Contains("error: ix:route: there is no group:Nobody in this tenant; check the name"));
}

TEST_F(Host, AnErrorNamesFileLineAndCauseAndRunsTheDefault) {
    load({{"strategies/main.lua", R"(return {
  run = function(ix)
    local nothing
    ix:send_text(nothing.text)
  end,
  default = function(ix, err)
    log.info(err)
    ix:default_route()
  end,
})"}});
    Run run = start();
    ASSERT_EQ(run.outcome, Outcome::failed);
    EXPECT_EQ(run.error->file, "strategies/main.lua");
    EXPECT_EQ(run.error->line, 4);
    EXPECT_EQ(run.error->message, "strategies/main.lua:4: attempt to index a nil value (local 'nothing')");
    EXPECT_THAT(run.error->traceback, HasSubstr("main.lua:4"));
    run = host().start_default(id, "main", *run.error);
    EXPECT_EQ(to_text(*run.wait), "to ");
    EXPECT_EQ(logged(), "strategies/main.lua:4: attempt to index a nil value (local 'nothing')");
}

TEST_F(Host, WithoutADefaultStartDefaultIsFinishedAtOnce) {
    load_body("error{code = 1}");
    const Run run = start();
    ASSERT_EQ(run.outcome, Outcome::failed);
    EXPECT_THAT(run.error->message, HasSubstr("failed with an error value that is a table"));
    EXPECT_EQ(host().start_default(id, "main", *run.error).outcome, Outcome::finished);
}

TEST_F(Host, AfterTheCustomerLeftALoopOfWaitsEnds) {
    load_body(R"(local rounds <close> = setmetatable({}, {__close = function() log.info("closed") end})
                 while not ix:route{targets = {target.group "All_Agents"}} do log.info("again") end)");
    ASSERT_EQ(start().outcome, Outcome::waiting);
    const Run run = host().resume(id, Abandoned{});
    EXPECT_EQ(run.outcome, Outcome::finished);
    EXPECT_EQ(logged(), "again|again|again|again|closed");
}

TEST_F(Host, EachInteractionHasItsOwnLocalsAtFileLevel) {
    load({{"strategies/main.lua",
           "local count = 0\nreturn function(ix) count = count + 1 log.info(count) end"}});
    for (int n = 0; n < 3; ++n) EXPECT_EQ(start().outcome, Outcome::finished);
    EXPECT_EQ(logged(), "1|1|1");
}

TEST_F(Host, ARunStaysInTheGenerationItBeganIn) {
    load_body("ix:sleep(1) log.info('old')");
    ASSERT_EQ(start().outcome, Outcome::waiting);
    load_body("log.info('new')");
    EXPECT_THAT(host().live(), SizeIs(2));
    const CallUuid other{3, 4};
    EXPECT_EQ(host().start(other, "main").outcome, Outcome::finished);
    EXPECT_EQ(host().resume(id, Elapsed{}).outcome, Outcome::finished);
    EXPECT_EQ(logged(), "new|old");
    EXPECT_THAT(host().live(), ElementsAre(Generation(2)));
}

TEST_F(Host, CloseRunsCloseVariablesAndEndsOpenTreatments) {
    load_body(R"(local guard <close> = setmetatable({}, {__close = function() ix:send_text("bye") end})
                 ix:collect_digits{})");
    ASSERT_EQ(start().outcome, Outcome::waiting);
    host().close(id);
    EXPECT_FALSE(host().running(id));
    EXPECT_THAT(port.calls,
                ElementsAre("begin collect_digits", "text bye", R"(end closed {"name":"collect_digits"})"));
    host().close(id);
}

TEST_F(Host, AHundredReloadsKeepMemoryFlat) {
    load_body("ix:sleep(1)");
    ASSERT_EQ(start().outcome, Outcome::waiting);
    for (int n = 0; n < 100; ++n) {
        load_body("local t = {} for n = 1, 100 do t[n] = n end");
        ASSERT_EQ(host().start(CallUuid{9, 9}, "main").outcome, Outcome::finished);
        ASSERT_LE(host().live().size(), 2U);
    }
    host().close(id);
    EXPECT_THAT(host().live(), SizeIs(1));
}

TEST_F(Host, ManyRunsGiveTheirMemoryBack) {
    load_body("local t = {} for n = 1, 1000 do t[n] = n .. 'x' end ix:sleep(1)");
    std::int64_t largest = 0;
    for (int n = 0; n < 300; ++n) {
        ASSERT_EQ(start().outcome, Outcome::waiting);
        largest = std::max(largest, host().bytes_of(id));
        ASSERT_EQ(host().resume(id, Elapsed{}).outcome, Outcome::finished);
    }
    EXPECT_GT(largest, 16'000);
    EXPECT_LT(largest, 200'000);
    EXPECT_EQ(host().bytes_of(id), 0);
}

TEST_F(Host, OneBadFileRefusesAllAndNamesEveryError) {
    const BuildResult built =
        build(sources({{"capacity/bad.lua", "return 5"},
                       {"lib/empty.lua", "local x = 1"},
                       {"strategies/good.lua", "return function(ix) end"},
                       {"strategies/nil.lua", "\nreturn nil"},
                       {"strategies/syntax.lua", "return function(ix)\n  if then\nend"},
                       {"strategies/typo.lua", "return {runn = function(ix) end}"},
                       {"strategies/waits.lua", "\nlog.info('at file level')\nreturn function(ix) end"}}),
              budgets);
    EXPECT_EQ(built.generation, nullptr);
    std::vector<std::string> messages;
    for (const ScriptError& error : built.errors) messages.push_back(error.message);
    EXPECT_THAT(
        messages,
        ElementsAre("scripts/capacity/bad.lua: must return function(load, media), but returned number",
                    HasSubstr("scripts/lib/empty.lua: a library returns a value"),
                    HasSubstr("strategies/nil.lua: must return function(ix)"),
                    HasSubstr("strategies/syntax.lua:2: unexpected symbol near 'then'"),
                    HasSubstr("strategies/typo.lua: unknown key 'runn'"),
                    HasSubstr("strategies/waits.lua:2: log.info needs an interaction")));
}

TEST_F(Host, LibrariesAreSharedAndReadOnly) {  // their local variables: shared_state_test.cpp
    const std::string library = R"(
local Greeter = {}
Greeter.__index = Greeter
function Greeter.new(name) return setmetatable({name = name}, Greeter) end
function Greeter:greet() return "hello " .. self.name end
local seen = {}
return {Greeter = Greeter, list = {1, 2, 3}, remember = function(x) seen[x] = true end})";
    load({{"lib/greet.lua", library}, {"strategies/main.lua", R"(
local lib = require "lib.greet"
return function(ix)
  log.info(lib.Greeter.new("sue"):greet(), #lib.list, table.concat(lib.list, "-"), require "greet" == lib)
  for key in pairs(lib) do log.info(key) end
  log.info(pcall(function() lib.extra = 1 end))
  log.info(pcall(function() lib.list[1] = 1 end))
  log.info(pcall(rawset, lib, "extra", 1))
  log.info(pcall(lib.remember, "x"))
end)"}});
    EXPECT_EQ(start().outcome, Outcome::finished);
    const std::string text = logged();
    EXPECT_THAT(text, HasSubstr("hello sue 3 1-2-3 true|Greeter|list|remember|false"));
    EXPECT_THAT(text, HasSubstr("'extra' assigned: a library's tables are shared"));
    EXPECT_THAT(text, HasSubstr("rawset: this table is shared"));
    EXPECT_THAT(text, HasSubstr("'x' assigned: a library's tables are shared"));
}

TEST_F(Host, ExtendingTheApiIsARowWithSignatureAndSummary) {
    EXPECT_EQ(said("for _, name in ipairs{'route', 'treat', 'log', 'sleep'} do log.info(type(ix[name])) end"),
              "function|function|function|function");
}

}  // namespace
}  // namespace trunkline::scripting::testing
