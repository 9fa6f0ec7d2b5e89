// Every binding in every wrong way: one table. A message names the script's file and line, the function, what
// was wrong and what is right.
#include <set>

#include "engine/scripting/binding.hpp"
#include "tests/unit/scripting/scripts.hpp"

namespace trunkline::scripting::testing {
namespace {

using ::testing::HasSubstr;

class Misuse : public Scripts {};

// A call that is right, for the wrong places that it is then put into.
struct RightCall {
    const char* binding;
    const char* code;
};

const std::vector<RightCall> right_calls{
    {"ix:collect_digits", "ix:collect_digits{total_timeout = 5}"},
    {"ix:play_announcement", "ix:play_announcement{text = 'hello'}"},
    {"ix:play_announcement_and_collect_digits", "ix:play_announcement_and_collect_digits{text = 'hello'}"},
    {"ix:treat", "ix:treat('play_announcement', {text = 'hello'})"},
    {"ix:send_text", "ix:send_text('hello')"},
    {"ix:receive_text", "ix:receive_text{timeout = 5}"},
    {"ix:route", "ix:route{targets = {target.group 'All_Agents'}}"},
    {"ix:route_to", "ix:route_to('5001')"},
    {"ix:default_route", "ix:default_route()"},
    {"ix:route_by_client", "ix:route_by_client{timeout = 5}"},
    {"ix:queue", "ix:queue('VQ_billing')"},
    {"ix:dequeue", "ix:dequeue('VQ_billing')"},
    {"ix:attach", "ix:attach{topic = 'billing'}"},
    {"ix:detach", "ix:detach('topic')"},
    {"ix:disconnect", "ix:disconnect()"},
    {"ix:set_priority", "ix:set_priority(5)"},
    {"ix:increment_priority", "ix:increment_priority{by = 1, every = 10, limit = 100}"},
    {"ix:suspend_for_event", "ix:suspend_for_event{type = 150, timeout = 5}"},
    {"ix:sleep", "ix:sleep(5)"},
    {"ix:log", "ix:log('info', 'hello')"},
    {"target.agent", "target.agent 'ann'"},
    {"target.group", "target.group 'All_Agents'"},
    {"target.place", "target.place 'P1001'"},
    {"target.place_group", "target.place_group 'Ground floor'"},
    {"target.skill", "target.skill 'billing >= 5'"},
    {"target.queue", "target.queue 'Q1'"},
    {"target.dn", "target.dn '1001'"},
    {"stat.get", "stat.get('queue:nowhere', 'CurrNumberWaitingCalls', {profile = 'Default'})"},
    {"stat.ewt", "stat.ewt(target.group 'All_Agents')"},
    {"config.option", "config.option('1111', 'TServer', 'default-dn')"},
    {"config.list", "config.list('vip', 'sue')"},
    {"time.now", "time.now()"},
    {"time.in_hours", "time.in_hours('daily 9-17')"},
    {"json.encode", "json.encode{}"},
    {"json.decode", "json.decode '{}'"},
    {"db.query", "db.query('SELECT 1')"},
    {"http.get", "http.get('https://example.com/')"},
    {"http.post", "http.post('https://example.com/', 'hello')"},
    {"log.debug", "log.debug('hello')"},
    {"log.info", "log.info('hello')"},
    {"log.warn", "log.warn('hello')"},
    {"log.error", "log.error('hello')"},
};

enum class Kind { wrong_type, missing, out_of_range, unknown_key, unknown_name };

struct WrongCall {
    const char* binding;
    Kind kind;
    const char* code;
    const char* says;
};

using enum Kind;
const std::vector<WrongCall> wrong_calls{
    {"ix:collect_digits", wrong_type, "ix:collect_digits{total_timeout = 'soon'}",
     "total_timeout (a number)"},
    {"ix:collect_digits", unknown_key, "ix:collect_digits{timeout = 5}", "got timeout"},
    {"ix:play_announcement", missing, "ix:play_announcement{}", "text must be a string"},
    {"ix:play_announcement", wrong_type, "ix:play_announcement{text = 5}", "text must be a string"},
    {"ix:play_announcement", unknown_key, "ix:play_announcement{txt = 'x'}",
     "unknown key 'txt'; known are text, file"},
    {"ix:play_announcement_and_collect_digits", missing, "ix:play_announcement_and_collect_digits{}",
     "text must be a string"},
    {"ix:play_announcement_and_collect_digits", unknown_key,
     "ix:play_announcement_and_collect_digits{text = 'x', wait = 1}", "unknown key 'wait'"},
    {"ix:treat", missing, "ix:treat()", "the name of the treatment must be a string, got no value"},
    {"ix:treat", unknown_name, "ix:treat('play_' .. 'anouncement')",
     "there is no treatment 'play_anouncement' (expected at treatments/play_anouncement.lua in one of "
     "scripts.paths); did you mean play_announcement?"},
    {"ix:send_text", wrong_type, "ix:send_text{}", "text must be a string, got table"},
    {"ix:send_text", missing, "ix:send_text()", "text must be a string, got no value"},
    {"ix:send_text", out_of_range, "ix:send_text('')", "text must not be empty"},
    {"ix:receive_text", wrong_type, "ix:receive_text(5)",
     "a table of named values is expected, as in ix:receive_text{timeout=s?"},
    {"ix:receive_text", out_of_range, "ix:receive_text{timeout = -1}",
     "timeout must be from 0 to 2592000 seconds"},
    {"ix:receive_text", wrong_type, "ix:receive_text{first_too = 1}",
     "first_too must be true or false, got number"},
    {"ix:receive_text", unknown_key, "ix:receive_text{time_out = 1}",
     "unknown key 'time_out'; known are timeout, first_too; did you mean timeout?"},
    {"ix:route", missing, "ix:route{}", "targets must be a list of target.* values, got nil"},
    {"ix:route", wrong_type, "ix:route{targets = {'All_Agents'}}",
     "targets must be a list of target.* values, got string as number 1"},
    {"ix:route", out_of_range, "ix:route{targets = {}}",
     "targets must name at least one target, as in targets = {"},
    {"ix:route", unknown_key, "ix:route{target = {}}", "unknown key 'target'; known are targets, timeout"},
    {"ix:route", unknown_name, "ix:route{targets = {target.agent 'ann'}, statistic = 'Best'}", "'Best'"},
    {"ix:route_to", missing, "ix:route_to()", "the DN must be a string, got no value"},
    {"ix:route_to", out_of_range, "ix:route_to('')", "the DN must not be empty; ix:default_route() goes"},
    {"ix:route_by_client", wrong_type, "ix:route_by_client(5)", "a table of named values is expected, as in"},
    {"ix:route_by_client", unknown_key, "ix:route_by_client{wait = 5}",
     "unknown key 'wait'; known are timeout"},
    {"ix:queue", missing, "ix:queue()", "the name of the virtual queue must be a string, got no value"},
    {"ix:queue", out_of_range, "ix:queue('')", "the name of the virtual queue must not be empty"},
    {"ix:dequeue", wrong_type, "ix:dequeue{}", "the name of the virtual queue must be a string, got table"},
    {"ix:attach", missing, "ix:attach()",
     "a table of pairs is expected, as in {topic = \"billing\"}, got no value"},
    {"ix:attach", wrong_type, "ix:attach{f = print}", "'f' must be a string, a number, a boolean or a table"},
    {"ix:detach", missing, "ix:detach()", "key must be a string, got no value"},
    {"ix:disconnect", wrong_type, "ix:disconnect{}", "reason must be a string, got table"},
    {"ix:set_priority", wrong_type, "ix:set_priority('high')", "priority must be an integer, got string"},
    {"ix:set_priority", out_of_range, "ix:set_priority(1e9 // 1 | 0)",
     "priority must be from -1000000 to 1000000"},
    {"ix:increment_priority", missing, "ix:increment_priority{by = 1, limit = 5}",
     "every is missing, as in {by = 10, every = 30, limit = 100}"},
    {"ix:increment_priority", out_of_range, "ix:increment_priority{by = 0, every = 5, limit = 5}",
     "by must be from 1 to 1000000"},
    {"ix:increment_priority", wrong_type, "ix:increment_priority{by = 1.5, every = 5, limit = 5}",
     "by must be an integer, got number"},
    {"ix:increment_priority", unknown_key, "ix:increment_priority{step = 1}",
     "unknown key 'step'; known are by, every, limit"},
    {"ix:suspend_for_event", missing, "ix:suspend_for_event{timeout = 5}",
     "type must be the name or number of an event, as in \"EventPrivateInfo\" or 150, got nil"},
    {"ix:suspend_for_event", unknown_name, "ix:suspend_for_event{type = 'EventPrivatInfo'}",
     "EventPrivatInfo is none; did you mean EventPrivateInfo"},
    {"ix:suspend_for_event", unknown_name, "ix:suspend_for_event{type = 'RequestPrivateService'}",
     "RequestPrivateService is none"},
    {"ix:suspend_for_event", unknown_name, "ix:suspend_for_event{type = 100000}", "100000 is none"},
    {"ix:suspend_for_event", unknown_key, "ix:suspend_for_event{event = 150}",
     "unknown key 'event'; known are type, timeout"},
    {"ix:sleep", missing, "ix:sleep()", "the duration must be a number of seconds, got no value"},
    {"ix:sleep", out_of_range, "ix:sleep(0/0)", "the duration must be from 0 to 2592000 seconds (30 days)"},
    {"ix:log", unknown_name, "ix:log('fatal', 'x')",
     "level must be \"debug\", \"info\", \"warn\" or \"error\""},
    {"ix:log", missing, "ix:log()", "level must be a string, got no value"},
    {"target.agent", missing, "target.agent()", "the name must be a string, got no value"},
    {"target.agent", out_of_range, "target.agent ''", "the name must not be empty"},
    {"target.group", wrong_type, "target.group{}", "the name must be a string, got table"},
    {"target.place", wrong_type, "target.place(nil)", "the name must be a string, got nil"},
    {"target.place_group", wrong_type, "target.place_group(true)", "the name must be a string, got boolean"},
    {"target.skill", wrong_type, "target.skill{}", "the expression must be a string, got table"},
    {"target.skill", unknown_name, "local text = 'billing => 5' target.skill(text)",
     "column 10: expected an integer, found '> 5'"},
    {"target.queue", wrong_type, "target.queue{}", "the name must be a string, got table"},
    {"target.dn", wrong_type, "target.dn{}", "the name must be a string, got table"},
    {"stat.get", wrong_type, "stat.get({}, 'CurrNumberWaitingCalls')",
     "the object (a target, or a text such as \"queue:VQ_billing\") must be a string, got table"},
    {"stat.get", missing, "stat.get 'queue:Q'", "the name of a statistic must be a string, got no value"},
    {"stat.get", unknown_name, "stat.get('queue:Q', 'CurrNumber')", "there is no statistic 'CurrNumber'"},
    {"stat.get", out_of_range, "stat.get('queue:nowhere', 'CallsWaiting', {profile = 'LastHour'})",
     "of the time profiles only \"Default\" (since midnight) is in this version of Trunkline"},
    {"stat.get", out_of_range, "stat.get('queue:nowhere', 'CallsWaiting', {filter = 'Chat'})",
     "filters are not in this version of Trunkline: the figure counts every medium"},
    {"stat.ewt", wrong_type, "stat.ewt 'All_Agents'",
     "a target is expected, as in stat.ewt(target.skill \"billing >= 5\"), got string"},
    {"config.option", missing, "config.option('1111', 'TServer')", "the key must be a string, got no value"},
    {"config.option", wrong_type, "config.option({}, 'TServer', 'x')",
     "the object's name must be a string, got table"},
    {"config.list", missing, "config.list('vip')", "the key must be a string, got no value"},
    {"time.now", unknown_name, "time.nwo()",
     "there is no time.nwo; time has now, in_hours; did you mean now?"},
    {"time.in_hours", missing, "time.in_hours()", "the hours must be a text, as in \"Mon-Fri 09:00-17:30\""},
    {"time.in_hours", out_of_range, "time.in_hours(string.lower 'Mon 9-25')",
     "'25' is no time; times are 00:00 to 24:00"},
    {"time.in_hours", wrong_type, "time.in_hours('daily 9-17', 'now')",
     "when must be a number of seconds since 1970"},
    {"time.in_hours", unknown_name, "time.in_hours('daily 9-17', nil, 'Berlin')",
     "there is no time zone 'Berlin'"},
    {"json.encode", missing, "json.encode()", "a value is expected"},
    {"json.encode", wrong_type, "json.encode(print)", "a function has no JSON form"},
    {"json.decode", missing, "json.decode()", "the text must be a string, got no value"},
    {"db.query", missing, "db.query()", "must be a string, got no value"},
    {"db.query", wrong_type, "db.query('SELECT $1', 5)", "the parameters must be a list for $1"},
    {"db.query", unknown_key, "db.query('SELECT 1', {}, {db = 'x'})",
     "unknown key 'db'; known are database, timeout"},
    {"http.get", missing, "http.get()", "the address must be a string, got no value"},
    {"http.get", unknown_key, "http.get('https://x/', {header = {}})",
     "unknown key 'header'; known are headers, timeout; did you mean headers?"},
    {"http.post", missing, "http.post('https://x/')", "the body must be a string, or a table"},
    {"http.post", wrong_type, "http.post('https://x/', 'y', 5)", "a table of named values is expected"},
    {"log.debug", unknown_name, "log.debgu('x')", "there is no log.debgu; log has debug, info, warn, error"},
    {"log.info", unknown_name, "log.inform('x')", "did you mean info?"},
    {"log.warn", unknown_name, "log.warning('x')", "there is no log.warning"},
    {"log.error", unknown_name, "log.err('x')", "did you mean error?"},
};

std::string name_of(const BindingGroup& group, const Binding& row) {
    return std::string(group.name) + (group.methods ? ":" : ".") + row.name;
}

const Binding* row_of(const std::string& name, const BindingGroup** in = nullptr) {
    for (const BindingGroup& group : binding_groups())
        for (const Binding& row : group.rows)
            if (name_of(group, row) == name) {
                if (in != nullptr) *in = &group;
                return &row;
            }
    return nullptr;
}

// The treatments' own messages name them without "ix:".
std::string own_name(const std::string& binding) {
    return binding.starts_with("ix:") ? binding.substr(3) : binding.substr(0, binding.find('.'));
}

TEST_F(Misuse, EveryWrongCallSaysWhereWhatWasWrongAndWhatIsRight) {
    for (const WrongCall& wrong : wrong_calls) {
        const std::string message = error_of(wrong.code);
        EXPECT_THAT(message, ::testing::StartsWith("strategies/main.lua:2: ")) << wrong.code;
        EXPECT_THAT(message, HasSubstr(own_name(wrong.binding))) << wrong.code;
        EXPECT_THAT(message, HasSubstr(wrong.says)) << wrong.code;
        host().close(id);
    }
}

TEST_F(Misuse, WhatNeedsAnInteractionSaysSoWhileAFileLoads) {
    for (const RightCall& right : right_calls) {
        const BindingGroup* group = nullptr;
        const Binding* row = row_of(right.binding, &group);
        ASSERT_NE(row, nullptr) << right.binding;
        if (group->methods) continue;  // no file has an ix while it loads
        const BuildResult built =
            build(sources({{"strategies/main.lua",
                            std::string("local x = ") + right.code + "\nreturn function() end"}}),
                  budgets);
        if (row->context == Context::anywhere) {
            EXPECT_TRUE(built.errors.empty()) << right.code;
            continue;
        }
        ASSERT_EQ(built.errors.size(), 1U) << right.code;
        EXPECT_THAT(built.errors[0].message,
                    HasSubstr("main.lua:1: " + std::string(right.binding) +
                              " needs an interaction: call it inside the strategy's function"));
    }
}

TEST_F(Misuse, WhatNeedsAnInteractionSaysSoInACapacityRule) {
    for (const RightCall& right : right_calls) {
        const BindingGroup* group = nullptr;
        const Binding* row = row_of(right.binding, &group);
        if (group->methods || row->context == Context::anywhere) continue;
        load({{"capacity/rule.lua", std::string("return function(load)\n  if load.chat > 0 then local x = ") +
                                        right.code + " end\n  return true\nend"}});
        std::string error;
        EXPECT_FALSE(host().capacity_allows("rule", {1, 0, 0}, "chat", &error)) << right.code;
        EXPECT_THAT(error, HasSubstr("capacity/rule.lua:2: " + std::string(right.binding) +
                                     " needs an interaction: call it inside the strategy's function"));
    }
}

TEST_F(Misuse, WhatWaitsSaysSoWhereLuaCannotWait) {
    for (const RightCall& right : right_calls) {
        if (!row_of(right.binding)->may_wait) continue;
        const std::string inside = " waits, which is not possible inside a comparison of table.sort";
        EXPECT_THAT(
            error_of("table.sort({2, 1}, function(a, b)\n" + std::string(right.code) + "\nreturn a < b end)"),
            HasSubstr("main.lua:3: " + std::string(right.binding) + inside));
        // A <close> variable of a run that is ended from outside.
        load_body(
            "local x <close> = setmetatable({}, {__close = function()\n  log.info(select(2, "
            "pcall(function()\n" +
            std::string(right.code) + "\n  end)))\nend})\nix:sleep(1)");
        port.calls.clear();
        ASSERT_EQ(start().outcome, Outcome::waiting);
        host().close(id);
        EXPECT_THAT(logged(), HasSubstr("main.lua:4: " + std::string(right.binding) + inside)) << right.code;
    }
}

TEST_F(Misuse, AMethodNeedsItsColonAndTheIxOfItsOwnRun) {
    for (const RightCall& right : right_calls) {
        const BindingGroup* group = nullptr;
        const Binding* row = row_of(right.binding, &group);
        if (!group->methods) continue;
        EXPECT_THAT(error_of("ix." + std::string(row->name) + "('x')"),
                    HasSubstr("main.lua:2: " + std::string(right.binding) +
                              ": must be called with a colon on ix, as in " + row->signature));
    }
}

TEST_F(Misuse, AfterTheEndOnlyTheLogAndTheUserDataAreLeft) {
    for (const RightCall& right : right_calls) {
        const BindingGroup* group = nullptr;
        const Binding* row = row_of(right.binding, &group);
        if (!group->methods) continue;
        const std::string name = row->name;
        const std::string message = error_of("ix:disconnect()\n" + std::string(right.code));
        if (name == "log" || name == "disconnect" || name == "attach" || name == "detach") {
            EXPECT_EQ(message, "");
            continue;
        }
        EXPECT_THAT(message,
                    HasSubstr("main.lua:3: " + std::string(right.binding) +
                              ": the interaction was ended by ix:disconnect at strategies/main.lua:2"));
        // In a coroutine of the script's own it is the same ix.
        EXPECT_THAT(error_of("local later = coroutine.wrap(function()\n" + std::string(right.code) +
                             "\nend)\nix:disconnect()\nlater()"),
                    HasSubstr("ended by ix:disconnect at strategies/main.lua:5"));
    }
    EXPECT_EQ(error_of("ix:disconnect()\nix.userdata.x = 1\nix.userdata.x = nil"), "");
}

TEST_F(Misuse, FieldsOfIxAreNamedRightAndNotWritten) {
    EXPECT_THAT(error_of("local x = ix.prioritty"),
                HasSubstr("main.lua:2: ix has no field or method 'prioritty'; did you mean priority?"));
    EXPECT_THAT(error_of("ix:rout{}"),
                HasSubstr("main.lua:2: ix has no field or method 'rout'; did you mean route"));
    EXPECT_THAT(error_of("ix.priority = 5"),
                HasSubstr("main.lua:2: ix.priority is read-only: use ix:set_priority(n)"));
    EXPECT_THAT(error_of("ix.topic = 5"),
                HasSubstr("main.lua:2: ix.topic is read-only: use ix.userdata.topic"));
    EXPECT_THAT(error_of("ix.userdata[1] = 5"), HasSubstr("main.lua:2: ix.userdata: a key must be a string"));
    EXPECT_THAT(error_of("ix.userdata.f = print"), HasSubstr("main.lua:2: 'ix.userdata.f' must be a string"));
}

TEST_F(Misuse, WhatComesWithALaterVersionSaysSo) {
    EXPECT_THAT(error_of("preview.request{}"), HasSubstr("main.lua:2: preview.request: not in this version"));
    EXPECT_THAT(error_of("preview.multiple{}"),
                HasSubstr("main.lua:2: preview.multiple: not in this version"));
    EXPECT_THAT(error_of("preview.cancel()"), HasSubstr("main.lua:2: preview.cancel: not in this version"));
}

TEST_F(Misuse, EveryBindingStandsInBothTables) {
    std::set<std::string> right, wrong;
    for (const RightCall& call : right_calls) EXPECT_TRUE(right.insert(call.binding).second) << call.binding;
    for (const WrongCall& call : wrong_calls) wrong.insert(call.binding);
    for (const BindingGroup& group : binding_groups()) {
        for (const Binding& row : group.rows) {
            const std::string name = name_of(group, row);
            EXPECT_TRUE(right.erase(name)) << name << ": add a call that is right to right_calls";
            // ix:default_route takes nothing, so nothing can be wrong about it but its place.
            if (name != "ix:default_route") {
                EXPECT_TRUE(wrong.contains(name)) << name << ": add what can be wrong to wrong_calls";
            }
        }
    }
    EXPECT_TRUE(right.empty()) << *right.begin() << " is no binding";
}

}  // namespace
}  // namespace trunkline::scripting::testing
