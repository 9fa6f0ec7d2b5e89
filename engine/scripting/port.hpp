// Both sides of the wall between Lua and the engine. A script sees the values below, never an engine object;
// what a script waits for leaves its coroutine as a Wait and comes back as an Answer.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "engine/base/error.hpp"
#include "engine/base/ids.hpp"
#include "engine/base/kv_list.hpp"
#include "engine/base/time.hpp"
#include "engine/interactions/strand.hpp"
#include "engine/messages/outside.hpp"
#include "engine/model/time_zone.hpp"
#include "engine/routing/route_request.hpp"
#include "engine/statistics/catalogue.hpp"

namespace trunkline::scripting {

using interactions::Strand;

// ---- what a coroutine waits for
// -------------------------------------------------------------------------------

/// The next text of the customer (receive_text); `first_too`: a text that came before any wait counts
/// (collect).
struct WaitForText {
    Duration timeout{};
    bool first_too = true;
};
struct WaitForRoute {
    routing::RouteRequest request;
};
/// To a DN, an external number or a SIP URI, with no selection (route_to); an empty one: the routing point's
/// default-dn.
struct WaitForRouteTo {
    std::string destination;
};
struct WaitForTime {
    Duration duration{};
};
/// An event of this message id about the interaction, from now on (suspend_for_event); zero: without end.
struct WaitForEvent {
    int message = 0;
    Duration timeout{};
};
/// A T-Library client that is registered on the routing point routes (route_by_client); zero: without end.
struct WaitForClientRoute {
    Duration timeout{};
};
/// An answer of a database (db.query).
struct WaitForQuery {
    messages::Query query;
};
/// An answer of the web (http.get, http.post).
struct WaitForHttp {
    messages::HttpRequest request;
};
using Wait = std::variant<WaitForText, WaitForRoute, WaitForRouteTo, WaitForTime, WaitForEvent,
                          WaitForClientRoute, WaitForQuery, WaitForHttp>;

// ---- what it gets back
// ----------------------------------------------------------------------------------------

struct TextArrived {
    std::string text;
};
struct TimedOut {};
/// The customer left: the call returns nil, "abandoned".
struct Abandoned {};
struct Routed {
    routing::RouteResult result;
};
struct NotRouted {
    routing::RouteFailure failure;
};
/// The time of WaitForTime is over.
struct Elapsed {};
/// The event as T-Library writes it, a JSON object.
struct EventArrived {
    std::string json;
};
/// Rows, or an error, which the call returns behind nil.
struct QueryCame {
    messages::QueryResult result;
};
struct HttpCame {
    messages::HttpResult result;
};
using Answer = std::variant<TextArrived, TimedOut, Abandoned, Routed, NotRouted, Elapsed, EventArrived,
                            QueryCame, HttpCame>;

// ---- what bindings may ask at once
// ----------------------------------------------------------------------------

/// The fields of `ix` (contracts/lua-api.md, Interaction).
struct InteractionView {
    CallUuid id;
    ConnId conn_id;
    std::string media;  // "chat" or "voice"
    int media_type = 5;
    std::string ani, dnis, customer, routing_point, tenant, call_type, strategy, agent, state;
    TimePoint created;
    int priority = 0;
};

/// An option or a list entry; `object` says whether there is such an object at all.
struct ConfigValue {
    bool object = false;
    std::optional<std::string> value;
};

/// What a step is: one that decides where the interaction goes (or why it cannot), any other call, or a line
/// of ix:log.
enum class TraceLevel { decision, step, log };
/// Which steps table trace_step keeps (setting reporting.trace).
enum class TraceKept { off, decisions, all };

/// Implemented by the engine; called on the engine thread while a script runs. Nothing here calls back into
/// Lua.
class EnginePort {
  public:
    virtual ~EnginePort() = default;
    [[nodiscard]] virtual TimePoint now() const = 0;
    /// The engine's seeded generator, behind math.random.
    virtual std::uint64_t random() = 0;
    /// As it stands; while its script goes on after its end, as it stood then. None once that is over too.
    [[nodiscard]] virtual std::optional<InteractionView> view(CallUuid) const = 0;
    [[nodiscard]] virtual SharedKv user_data(CallUuid) const = 0;
    /// Sets pairs; a pair whose value is an empty list is deleted. Raises one EventAttachedDataChanged where
    /// something changed. The error, a sentence for the script's author: it would be more than an interaction
    /// may carry, and nothing changed. After the end the script alone sees it, and so for detach.
    virtual Result<void> attach(CallUuid, const KvList& pairs) = 0;
    virtual void detach(CallUuid, std::string_view key) = 0;
    /// An automated text to the customer. False when the customer has left.
    virtual bool send_text(CallUuid, const std::string& text) = 0;
    virtual void set_priority(CallUuid, int priority) = 0;
    /// Adds `by` every `every` until the priority is `limit`, while the interaction lives; anew each call.
    virtual void raise_priority(CallUuid, int by, Duration every, int limit) = 0;
    /// Virtual queue membership; the error is a sentence for the script's author (no such queue, not in it).
    virtual Result<void> enter_queue(CallUuid, std::string_view queue) = 0;
    virtual Result<void> leave_queue(CallUuid, std::string_view queue) = 0;
    /// 1 is next; none while it waits for no agent.
    [[nodiscard]] virtual std::optional<std::int64_t> position(CallUuid) const = 0;
    /// Of the interaction that waits, and of one that would wait for this target; none without data.
    [[nodiscard]] virtual std::optional<Duration> expected_wait(CallUuid) const = 0;
    [[nodiscard]] virtual std::optional<Duration> expected_wait(CallUuid, const routing::Target&) const = 0;
    /// A live statistic by Stat Server's name, of an object of the interaction's tenant ("type:name" or a
    /// name). The error: dn_not_configured where there is no such object, else a mistake of the script's
    /// author.
    [[nodiscard]] virtual Result<statistics::Figure> statistic(CallUuid, std::string_view object,
                                                               std::string_view name) const = 0;
    virtual void disconnect(CallUuid, const std::string& reason) = 0;
    /// A treatment began or ended, for table treatment.
    virtual void treatment_started(CallUuid, const std::string& name) = 0;
    virtual void treatment_ended(CallUuid, const std::string& result, const std::string& detail_json) = 0;
    /// One step of the strategy, for trace_step; `detail_json` is a JSON object or "".
    virtual void trace(CallUuid, TraceLevel, const std::string& file, int line, const std::string& step,
                       const std::string& detail_json) = 0;
    virtual void log(CallUuid, const std::string& level, const std::string& text) = 0;
    /// True where the tenant of the interaction has such a target object (agent, group, place, dn...).
    [[nodiscard]] virtual bool target_exists(CallUuid, const routing::Target&) const = 0;
    /// Annex option of an object of the interaction's tenant (config.option); `object` is a name, or
    /// "type:name" (agent, dn, group, place, tenant, switch).
    [[nodiscard]] virtual ConfigValue option(CallUuid, std::string_view object, std::string_view section,
                                             std::string_view key) const = 0;
    [[nodiscard]] virtual ConfigValue list_entry(CallUuid, std::string_view list,
                                                 std::string_view key) const = 0;
    /// The zone of the interaction's tenant; UTC where it names none.
    [[nodiscard]] virtual const model::TimeZone& time_zone(CallUuid) const = 0;
    /// By IANA name; null where there is none of this name.
    [[nodiscard]] virtual const model::TimeZone* time_zone_named(std::string_view name) const = 0;
};

// ---- how a run of a script went
// -------------------------------------------------------------------------------

enum class Outcome { waiting, finished, failed };

enum class FailureKind { error, instructions, memory, bad_yield };

struct ScriptError {
    FailureKind kind = FailureKind::error;
    std::string file;
    int line = 0;
    std::string message;  // "file:line: what was wrong and what is right"
    std::string traceback;
};

struct Run {
    Outcome outcome = Outcome::finished;
    std::optional<Wait> wait;          // with waiting
    std::optional<ScriptError> error;  // with failed
};

}  // namespace trunkline::scripting
