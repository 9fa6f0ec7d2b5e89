// The rows that reports read, as typed values (contracts/reporting.md). A record either inserts a row or
// updates columns of a row inserted before; the update names its row by the columns in `key`, which hold the
// partition's time too, so that the writer finds it without a scan. Member names are column names.
// An empty std::string is written as NULL; a Text is written as it is.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "engine/base/ids.hpp"
#include "engine/base/time.hpp"

namespace trunkline::records {

/// A text column in which the empty string means itself.
struct Text {
    std::string is;
};
/// A jsonb column; "" is NULL.
struct Json {
    std::string is;
};

using When = TimePoint;
using MaybeWhen = std::optional<TimePoint>;

struct InteractionStarted {
    static constexpr std::string_view table = "interaction", key = "";
    Seq seq;
    CallUuid id;
    std::string conn_id, media, call_type, tenant, switch_, routing_point, customer, dnis, strategy;
    std::optional<std::int64_t> generation;
    When started_at;
    std::optional<CallUuid> parent_id;
    std::string leg, leg_host, leg_route;  // of a customer in pager mode: how to reach him after a crash
};
/// The customer's way has moved (another port, another connection).
struct LegMoved {
    static constexpr std::string_view table = "interaction", key = "id,started_at";
    Seq seq;
    CallUuid id;
    When started_at;
    std::string leg_route;
};
struct InteractionEnded {
    static constexpr std::string_view table = "interaction", key = "id,started_at";
    Seq seq;
    CallUuid id;
    When started_at, ended_at;
    std::string outcome;  // handled, abandoned, rejected, default_routed, failed, transferred_out
};
struct PartyJoined {
    static constexpr std::string_view table = "party", key = "";
    Seq seq;
    PartyId id;
    CallUuid interaction_id;
    std::string tenant, switch_, dn, agent, role;
    When joined_at;
    MaybeWhen answered_at;  // of who is connected from the start: the customer
};
struct PartyAnswered {
    static constexpr std::string_view table = "party", key = "id,joined_at";
    Seq seq;
    PartyId id;
    When joined_at, answered_at;
};
struct PartyLeft {
    static constexpr std::string_view table = "party", key = "id,joined_at";
    Seq seq;
    PartyId id;
    When joined_at, left_at;
    std::string cause;  // released, transferred, conferenced, no_answer, abandoned, redirected, failed
    std::optional<double> talk_s, hold_s;
};
struct PartyState {
    static constexpr std::string_view table = "party_state", key = "";
    Seq seq;
    PartyId party_id;
    CallUuid interaction_id;
    std::string tenant;
    When at;
    std::string state;  // queued, alerting, connected, held, released
};
struct Message {
    static constexpr std::string_view table = "message", key = "";
    Seq seq;
    TextId id;
    CallUuid interaction_id;
    std::string tenant, switch_;
    When at;
    std::string from_dn, direction;  // in, out, system, private
    Text text;
    MaybeWhen delivered_at;
    std::string status;       // delivered, failed, held, pending
    std::string transaction;  // of the request that brought it: a repetition is known over a restart too
};
struct MessageStatus {
    static constexpr std::string_view table = "message", key = "id,at";
    Seq seq;
    TextId id;
    When at;
    MaybeWhen delivered_at;
    std::string status;
};
struct QueueEntered {
    static constexpr std::string_view table = "queue_stay", key = "";
    Seq seq;                                   // also its id
    std::string tenant, switch_, queue, kind;  // kind: routing_point, virtual_queue, queue
    CallUuid interaction_id;
    When entered_at;
};
struct QueueLeft {
    static constexpr std::string_view table = "queue_stay", key = "seq,entered_at";
    Seq seq;  // of the QueueEntered
    When entered_at, left_at;
    std::string outcome;  // distributed, abandoned, cleared, timeout
};
struct Treatment {
    static constexpr std::string_view table = "treatment", key = "";
    Seq seq;
    CallUuid interaction_id;
    std::string tenant, name;
    When started_at, ended_at;
    std::string result;
    Json detail;
};
struct Route {
    static constexpr std::string_view table = "route", key = "";
    Seq seq;
    CallUuid interaction_id;
    std::string tenant, switch_;
    Json requested;
    std::string target, agent, dn;
    When requested_at;
    MaybeWhen selected_at;
    std::string result;  // selected, timeout, abandoned, no_target, rejected, default
};
struct Decision {
    static constexpr std::string_view table = "decision", key = "";
    Seq seq;
    CallUuid interaction_id;
    std::string tenant;
    When at;
    std::string strategy;
    std::optional<std::int64_t> generation;
    std::optional<std::int64_t> line;
    std::int64_t candidates = 0;
    std::string winner;
    std::optional<double> figure;
    Json next_best, ruled_out;
    std::int64_t elapsed_us = 0;
};
struct Userdata {
    static constexpr std::string_view table = "userdata", key = "";
    Seq seq;
    CallUuid interaction_id;
    std::string tenant;
    When at;
    std::string key_;
    std::string value, change;  // added, updated, deleted
};
struct AgentSessionOpened {
    static constexpr std::string_view table = "agent_session", key = "";
    Seq seq;  // also its id
    std::string tenant, switch_, agent, dn, place;
    When logged_in_at;
};
struct AgentSessionClosed {
    static constexpr std::string_view table = "agent_session", key = "seq,logged_in_at";
    Seq seq;
    When logged_in_at, logged_out_at;
};
struct AgentStateEntered {
    static constexpr std::string_view table = "agent_state", key = "";
    Seq seq;
    Seq session_id;
    std::string tenant, switch_, agent, dn, media, state,
        work_mode;  // Ready, NotReady, AfterCallWork, LegalGuard, Busy
    Json reasons;
    When started_at;
};
struct AgentStateLeft {
    static constexpr std::string_view table = "agent_state", key = "seq,started_at";
    Seq seq;
    When started_at, ended_at;
};
struct ScriptGeneration {
    static constexpr std::string_view table = "script_generation", key = "";
    Seq seq;
    std::optional<std::int64_t> generation;  // none where it was refused
    When loaded_at;
    std::string hash, outcome, errors;  // loaded, refused, superseded
};
struct ScriptGenerationReplaced {
    static constexpr std::string_view table = "script_generation", key = "seq,loaded_at";
    Seq seq;
    When loaded_at;
    std::string outcome;  // superseded
};
struct ScriptSource {
    static constexpr std::string_view table = "script_source", key = "";
    Seq seq;
    std::string hash, path;
    Text text;
};
struct TraceStep {
    static constexpr std::string_view table = "trace_step", key = "";
    Seq seq;
    CallUuid interaction_id;
    std::string tenant;
    When at;
    std::optional<std::int64_t> generation;
    std::string file;
    std::optional<std::int64_t> line;
    std::string step;
    Json detail;
};
struct LogEvent {
    static constexpr std::string_view table = "log_event", key = "";
    Seq seq;
    std::int64_t id = 0;
    std::string tenant;
    When at;
    std::string level, application, text;
    Json attributes;
};

// A member `switch_` or `key_` is the column without the underscore (both are words that C++ or the struct
// has taken).
BOOST_DESCRIBE_STRUCT(Text, (), (is))
BOOST_DESCRIBE_STRUCT(Json, (), (is))
BOOST_DESCRIBE_STRUCT(InteractionStarted, (),
                      (seq, id, conn_id, media, call_type, tenant, switch_, routing_point, customer, dnis,
                       strategy, generation, started_at, parent_id, leg, leg_host, leg_route))
BOOST_DESCRIBE_STRUCT(LegMoved, (), (seq, id, started_at, leg_route))
BOOST_DESCRIBE_STRUCT(InteractionEnded, (), (seq, id, started_at, ended_at, outcome))
BOOST_DESCRIBE_STRUCT(PartyJoined, (),
                      (seq, id, interaction_id, tenant, switch_, dn, agent, role, joined_at, answered_at))
BOOST_DESCRIBE_STRUCT(PartyAnswered, (), (seq, id, joined_at, answered_at))
BOOST_DESCRIBE_STRUCT(PartyLeft, (), (seq, id, joined_at, left_at, cause, talk_s, hold_s))
BOOST_DESCRIBE_STRUCT(PartyState, (), (seq, party_id, interaction_id, tenant, at, state))
BOOST_DESCRIBE_STRUCT(Message, (),
                      (seq, id, interaction_id, tenant, switch_, at, from_dn, direction, text, delivered_at,
                       status, transaction))
BOOST_DESCRIBE_STRUCT(MessageStatus, (), (seq, id, at, delivered_at, status))
BOOST_DESCRIBE_STRUCT(QueueEntered, (), (seq, tenant, switch_, queue, kind, interaction_id, entered_at))
BOOST_DESCRIBE_STRUCT(QueueLeft, (), (seq, entered_at, left_at, outcome))
BOOST_DESCRIBE_STRUCT(Treatment, (),
                      (seq, interaction_id, tenant, name, started_at, ended_at, result, detail))
BOOST_DESCRIBE_STRUCT(Route, (),
                      (seq, interaction_id, tenant, switch_, requested, target, agent, dn, requested_at,
                       selected_at, result))
BOOST_DESCRIBE_STRUCT(Decision, (),
                      (seq, interaction_id, tenant, at, strategy, generation, line, candidates, winner,
                       figure, next_best, ruled_out, elapsed_us))
BOOST_DESCRIBE_STRUCT(Userdata, (), (seq, interaction_id, tenant, at, key_, value, change))
BOOST_DESCRIBE_STRUCT(AgentSessionOpened, (), (seq, tenant, switch_, agent, dn, place, logged_in_at))
BOOST_DESCRIBE_STRUCT(AgentSessionClosed, (), (seq, logged_in_at, logged_out_at))
BOOST_DESCRIBE_STRUCT(AgentStateEntered, (),
                      (seq, session_id, tenant, switch_, agent, dn, media, state, work_mode, reasons,
                       started_at))
BOOST_DESCRIBE_STRUCT(AgentStateLeft, (), (seq, started_at, ended_at))
BOOST_DESCRIBE_STRUCT(ScriptGeneration, (), (seq, generation, loaded_at, hash, outcome, errors))
BOOST_DESCRIBE_STRUCT(ScriptGenerationReplaced, (), (seq, loaded_at, outcome))
BOOST_DESCRIBE_STRUCT(ScriptSource, (), (seq, hash, path, text))
BOOST_DESCRIBE_STRUCT(TraceStep, (), (seq, interaction_id, tenant, at, generation, file, line, step, detail))
BOOST_DESCRIBE_STRUCT(LogEvent, (), (seq, id, tenant, at, level, application, text, attributes))

using Record =
    std::variant<InteractionStarted, InteractionEnded, PartyJoined, PartyAnswered, PartyLeft, PartyState,
                 Message, MessageStatus, QueueEntered, QueueLeft, Treatment, Route, Decision, Userdata,
                 AgentSessionOpened, AgentSessionClosed, AgentStateEntered, AgentStateLeft, ScriptGeneration,
                 ScriptGenerationReplaced, ScriptSource, TraceStep, LogEvent, LegMoved>;

}  // namespace trunkline::records
