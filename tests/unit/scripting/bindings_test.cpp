// What bindings ask of the engine, and what they give back.
#include "tests/unit/scripting/scripts.hpp"

namespace trunkline::scripting::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

class Bindings : public Scripts {};

TEST_F(Bindings, QueueAndDequeueSayWhyNot) {
    port.absent_queues = {"VQ_none"};
    EXPECT_EQ(said("log.info(ix:queue 'VQ_1') log.info(ix:dequeue 'VQ_1') log.info(ix:queue 'VQ_none')"),
              "true|true|nil there is no virtual queue 'VQ_none'");
    EXPECT_THAT(port.calls, Contains("queue VQ_1"));
    EXPECT_THAT(port.calls, Contains("dequeue VQ_1"));
}

TEST_F(Bindings, IncrementPriorityHandsItsThreeNumbersOn) {
    EXPECT_EQ(said("log.info(ix:increment_priority{by = 10, every = 30, limit = 100})"), "true");
    EXPECT_THAT(port.calls, Contains("priority +10 every 30.000000 up to 100"));
}

TEST_F(Bindings, PositionAndExpectedWaitAreNilWithoutData) {
    EXPECT_EQ(said("log.info(ix.position, ix.expected_wait, stat.ewt(target.group 'A'))"), "nil nil nil");
    port.place_in_line = 3;
    port.own_wait = seconds(90);
    port.waits["group:A"] = seconds(120);
    EXPECT_EQ(said("log.info(ix.position, ix.expected_wait, stat.ewt(target.group 'A'), "
                   "stat.ewt(target.group 'B'))"),
              "3 90.0 120.0 nil");
}

TEST_F(Bindings, StatisticsAreCountsNumbersWordsOrNil) {
    port.figures = {{"queue:Q CurrNumberWaitingCalls", std::int64_t{3}},
                    {"group:A AverHandleTime", 12.5},
                    {"agent:ann CurrentAgentState", std::string("LoggedOut")},
                    {"Q ExpectedWaitTime", {}}};
    EXPECT_EQ(said("log.info(stat.get(target.queue 'Q', 'CurrNumberWaitingCalls'), stat.get('group:A', "
                   "'AverHandleTime'), "
                   "stat.get('agent:ann', 'CurrentAgentState'), stat.get('Q', 'ExpectedWaitTime'))"),
              "3 12.5 LoggedOut nil");
    EXPECT_EQ(said("log.info(stat.get('queue:nowhere', 'CurrNumberWaitingCalls'))"), "nil there is no queue");
}

TEST_F(Bindings, SuspendForEventGivesTheEventAsATable) {
    load_body(
        "local event, reason = ix:suspend_for_event{type = 'EventPrivateInfo', timeout = 9}\n"
        "log.info(event.message, event.Extensions.im)\n"
        "log.info(ix:suspend_for_event{type = 150, timeout = 9})\nlog.info(ix:suspend_for_event{type = 96})");
    Run run = start();
    EXPECT_EQ(to_text(*run.wait), "event 150 9");
    run = host().resume(id, EventArrived{R"({"message":"EventPrivateInfo","Extensions":{"im":"hello"}})"});
    EXPECT_EQ(to_text(*run.wait), "event 150 9");
    run = host().resume(id, TimedOut{});
    EXPECT_EQ(to_text(*run.wait), "event 96 0");
    EXPECT_EQ(host().resume(id, Abandoned{}).outcome, Outcome::finished);
    EXPECT_EQ(logged(), "EventPrivateInfo hello|nil timeout|nil abandoned");
}

TEST_F(Bindings, RouteByClientReturnsAsRoute) {
    load_body("log.info(ix:route_by_client{timeout = 5}.dn) log.info(ix:route_by_client())");
    Run run = start();
    EXPECT_EQ(to_text(*run.wait), "client 5");
    run = host().resume(id, Routed{{"ann", "7001", "", "", seconds(1)}});
    EXPECT_EQ(to_text(*run.wait), "client 0");
    EXPECT_EQ(host().resume(id, TimedOut{}).outcome, Outcome::finished);
    EXPECT_EQ(logged(), "7001|nil timeout");
}

TEST_F(Bindings, ConfigTellsAnAbsentObjectFromAnAbsentKey) {
    port.options["dn:1111/desk/patience"] = "30";
    port.lists["vip/sue"] = "gold";
    port.absent_objects = {"9999", "vop"};
    EXPECT_EQ(
        said("log.info(config.option('dn:1111', 'desk', 'patience'), config.option('dn:1111', 'desk', 'x'))\n"
             "log.info(config.option('9999', 'desk', 'x'))\n"
             "log.info(config.list('vip', 'sue'), config.list('vip', 'bob'))\nlog.info(config.list('vop', "
             "'sue'))"),
        "30 nil|nil there is no object '9999' in this tenant|gold nil|nil there is no list 'vop' in this "
        "tenant");
}

TEST_F(Bindings, ATableOfALibraryIsTakenForArgumentsAndItsKeysAreLookedAt) {
    load({{"lib/waits.lua", "return {short = {timeout = 3}, wrong = {time_out = 3}}"},
          {"strategies/main.lua",
           "local waits = require 'waits'\nreturn function(ix)\n"
           "ix:receive_text(waits.short)\nix:receive_text(waits.wrong) end"}});
    const Run run = start();
    EXPECT_EQ(to_text(*run.wait), "text 3 first");
    const Run failed = host().resume(id, TimedOut{});
    ASSERT_TRUE(failed.error);
    EXPECT_THAT(failed.error->message, HasSubstr("main.lua:4: ix:receive_text: unknown key 'time_out'"));
}

// lessons B8.63: an object of one interaction in the hands of another has no place to be kept in.
TEST_F(Bindings, AnIxCannotBeKeptForAnotherInteraction) {
    const BuildResult built = build(
        sources(
            {{"lib/keep.lua",
              "local kept\nreturn {put = function(ix) kept = ix end, get = function() return kept end}"}}),
        budgets);
    ASSERT_EQ(built.errors.size(), 1U);
    EXPECT_THAT(built.errors[0].message, HasSubstr("scripts/lib/keep.lua:2: 'kept' is assigned"));
    load({{"lib/keep.lua", "local kept = {}\nreturn {put = function(ix) kept.ix = ix end}"},
          {"strategies/main.lua", "return function(ix) require('keep').put(ix) end"}});
    const Run run = start();
    ASSERT_TRUE(run.error);
    EXPECT_THAT(run.error->message, HasSubstr("scripts/lib/keep.lua:2: 'ix' assigned: a library's tables"));
}

TEST_F(Bindings, UserDataThatIsTooMuchIsAnErrorAtTheLineThatAttaches) {
    port.full = true;
    EXPECT_THAT(error_of("\nix.userdata.topic = 'x'"),
                HasSubstr("main.lua:3: ix.userdata.topic: too much user data"));
    EXPECT_THAT(error_of("\nix:attach{topic = 'x'}"), HasSubstr("main.lua:3: ix:attach: too much user data"));
}

}  // namespace
}  // namespace trunkline::scripting::testing
