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

TEST_F(Bindings, AnIxKeptFromAnotherInteractionIsRefused) {
    load({{"lib/keep.lua",
           "local kept\nreturn {put = function(ix) kept = ix end, get = function() return kept end}"},
          {"strategies/main.lua", "return function(ix) require('keep').put(ix) ix:sleep(1) end"},
          {"strategies/other.lua", "return function(ix)\nrequire('keep').get():send_text('hello') end"}});
    ASSERT_EQ(start().outcome, Outcome::waiting);
    const CallUuid another{3, 4};
    const Run run = host().start(another, "other");
    ASSERT_TRUE(run.error);
    EXPECT_THAT(run.error->message,
                HasSubstr("other.lua:2: ix:send_text: this ix is that of another interaction"));
}

}  // namespace
}  // namespace trunkline::scripting::testing
