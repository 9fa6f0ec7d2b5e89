// The engine's tables in one place, and the three ways out: events, records, log lines. A flow (one file a
// subject in this folder) is a set of functions on Core; state changes nowhere else. One thread; nothing here
// is shared.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <variant>

#include "engine/agents/agents.hpp"
#include "engine/agents/capacity.hpp"
#include "engine/agents/devices.hpp"
#include "engine/agents/endpoint.hpp"
#include "engine/agents/reservations.hpp"
#include "engine/base/identities.hpp"
#include "engine/base/timers.hpp"
#include "engine/interactions/interactions.hpp"
#include "engine/interactions/party_legs.hpp"
#include "engine/messages/effects.hpp"
#include "engine/model/snapshot.hpp"
#include "engine/routing/dn_queues.hpp"
#include "engine/routing/offers.hpp"
#include "engine/routing/router.hpp"
#include "engine/scripting/host.hpp"
#include "engine/statistics/statistics.hpp"

namespace trunkline::flows {

// What a timer means. Each names its owner, which keeps the TimerId.
struct WaitOver {
    CallUuid interaction;
    interactions::Strand strand = interactions::Strand::strategy;
};  // the script's waiting call timed out
struct OfferDeadline {
    OfferId offer;
};
struct SessionIdle {
    CallUuid interaction;
};  // pager mode: look whether the customer went silent
struct RouterTimeout {
    CallUuid interaction;
};  // no client routed it
struct PassOverEnds {
    CallUuid interaction;
};                   // an agent who declined may be asked again
struct SweepDue {};  // of the reconciler
struct TreatmentOver {
    CallUuid interaction;
};  // a client's treatment got no text
struct RestOver {
    DnId dn;
};  // after-call work or legal guard
struct Unreachable {
    DnId dn;
};  // nothing has heard the DN for too long
struct ReservationOver {
    PersonId agent;
};  // a client's reservation of an agent
struct EndpointDue {
    DnId dn;
};  // an agent's SIP endpoint is asked again whether it is there
struct PriorityDue {
    CallUuid interaction;
};  // the next step of a growing priority
struct QueuedTooLong {
    CallUuid interaction;
};  // default routing or route_to waits for a DN where too much rings
using TimerCause =
    std::variant<WaitOver, OfferDeadline, SessionIdle, RouterTimeout, PassOverEnds, RestOver, Unreachable,
                 ReservationOver, PriorityDue, QueuedTooLong, TreatmentOver, EndpointDue, SweepDue>;

/// Whose script it is, and which strand of it.
struct ScriptOf {
    CallUuid interaction;
    scripting::Strand strand = scripting::Strand::strategy;
};

/// The event that a script waits for. Of the two strands of a run at most one waits for one: the strategy
/// does not while its busy treatment runs.
struct AwaitedEvent {
    messages::MessageId message{};
    scripting::Strand strand = scripting::Strand::strategy;
};

/// A text on its way: which row of `message` its end goes to, and when that was written.
struct SentText {
    TextId message;
    TimePoint at;
    std::string opens;         // the leg that its 2xx answers; "" once that is decided or where it opens none
    bool of_customer = false;  // `message` is a text of the customer that others may be asked with as well
};

/// A script to be continued once the command at hand is carried out.
struct PendingAnswer {
    CallUuid interaction;
    scripting::Answer answer;
    scripting::Strand strand = scripting::Strand::strategy;
};

/// An interaction whose busy treatment is to be looked at once the command at hand is carried out: begun
/// where it waits for an agent, cut short where it does not any more.
struct LookAtOnWait {
    CallUuid interaction;
};
/// An agent who sits, or sat, at this DN is reserved no more: he is matched, and what is queued there rings.
struct FreeOfReservation {
    DnId dn;
};
/// What is done once the command at hand is carried out.
using Turn = std::variant<PendingAnswer, LookAtOnWait, FreeOfReservation>;

struct Counters {
    std::int64_t interactions = 0, texts = 0, commands = 0, script_errors = 0, reconciled = 0;
};

/// Where the reconciler's sweep goes on, and when.
struct Sweep {
    TimerId timer;  // runs while anything lives
    SlotId slot;
    OfferId offer;
    DnId seat;
    CallUuid interaction;
};

struct Core {
    Core(std::uint64_t seed, std::uint32_t shard, TimePoint started_at, agents::Capacity::Ask ask)
        : ids(shard, started_at, seed), capacity(std::move(ask)) {}

    TimePoint now;
    messages::Effects* out = nullptr;
    Identities ids;
    model::SharedSnapshot config;
    /// What takes the place of config when nothing in it that has left the configuration is in use any more;
    /// none where nothing has.
    model::SharedSnapshot coming;
    bool look_at_leaving = false;  // something that lived on what has left ended in the command at hand
    agents::Agents agents;
    agents::Devices devices;
    std::map<DnId, agents::Endpoint> endpoints;  // of DNs where an agent is logged in or one is registered
    agents::Capacity capacity;
    agents::Reservations reservations;
    interactions::Interactions interactions;
    routing::Router router;
    routing::Offers offers;
    routing::DnQueues dn_queues;
    statistics::Statistics statistics;  // folded from what record() is given
    Timers<TimerCause> timers;
    std::unique_ptr<scripting::Host> scripts;
    std::unordered_map<TextId, SentText> texts_out;  // not answered yet; each ends in TextAnswered
    interactions::PartyLegs party_legs;
    std::unordered_map<OutsideId, ScriptOf> outside;  // scripts' queries and web requests, by whose they are
    std::uint64_t last_outside = 0;
    std::deque<Turn> answers;
    std::deque<std::pair<CallUuid, std::string>> endings;  // asked for by a script while it runs
    /// Interactions that ended in the command at hand while their script ran, as they stood then: what the
    /// script sees of its interaction until it ends itself. Empty between commands.
    std::unordered_map<CallUuid, interactions::Interaction> ended;
    Generation generation;
    records::ScriptGeneration generation_row;  // of the one in force: it is told when another takes its place
    Counters counters;
    Sweep sweep;
    std::set<std::string> degraded;
    /// Scripts that wait for an event about their interaction (suspend_for_event), and for which one.
    std::unordered_map<CallUuid, AwaitedEvent> awaited;
    bool draining = false;
    bool explain_all = false;
    std::string node;  // how log events call this server
    scripting::TraceKept trace = scripting::TraceKept::all;

    // ---- ways out ----
    // Defined for each row and each effect there is in ways_out.cpp: the variants of all of them are heavy
    // work for the compiler, and every source here has something to say.
    /// A row of reporting; live statistics fold it.
    template <class Row>
    void record(Row row);
    /// What the command at hand does outside, behind what it did before.
    template <class Effect>
    void effect(Effect effect);
    void emit(messages::TMessage event, messages::Clients clients);
    /// To every client of the DN; `reference` goes into the copy of the client who asked.
    void emit_to(DnId dn, messages::TMessage event, ClientId asked = {}, messages::Integer reference = {});
    void log(messages::LogLevel level, std::string text, CallUuid interaction = {});
    /// A log event of level Standard or above: reporting.log_event as well.
    void log_event(std::int64_t id, messages::LogLevel level, std::string text, TenantId tenant,
                   const KvList& attributes);

    // ---- names ----
    [[nodiscard]] std::string tenant_name(TenantId) const;
    [[nodiscard]] std::string switch_name(SwitchId) const;
    [[nodiscard]] std::string number_of(DnId) const;
    /// Of the switch that has the DN; of `otherwise` where it is none of ours.
    [[nodiscard]] std::string switch_name_of(DnId, SwitchId otherwise) const;
    [[nodiscard]] std::string user_name(PersonId) const;
    [[nodiscard]] std::string place_name(PlaceId) const;
    /// Option of section TServer of a DN; "" where absent.
    [[nodiscard]] std::string_view dn_option(DnId, std::string_view key) const;
    [[nodiscard]] double dn_seconds(DnId, std::string_view key, double otherwise) const;
    [[nodiscard]] bool dn_flag(DnId, std::string_view key, bool otherwise) const;
};

}  // namespace trunkline::flows
