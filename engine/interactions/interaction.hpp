// One interaction: a customer's session with its parties, its user data and what its strategy is doing. An IM
// session is a call in T-Library's sense: ConnID, CallID, CallUUID and MediaType 5.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/agents/load.hpp"
#include "engine/base/ids.hpp"
#include "engine/base/kv_list.hpp"
#include "engine/base/time.hpp"
#include "engine/interactions/party_state.hpp"
#include "engine/interactions/strand.hpp"
#include "engine/messages/commands.hpp"

namespace trunkline::interactions {

enum class PartyRole { customer, routing_point, agent, external };

[[nodiscard]] constexpr std::string_view to_text(PartyRole role) {
    switch (role) {
        case PartyRole::customer:
            return "customer";
        case PartyRole::agent:
            return "agent";
        case PartyRole::external:
            return "external";
        case PartyRole::routing_point:
            break;
    }
    return "routing_point";
}

/// A SIP leg of ours towards a party: texts of both directions go over it.
struct PartyLeg {
    messages::LegAddress address;
    std::string target;                // the party's URI
    std::string from_user, from_host;  // the customer, as this party sees him
    TextId opening;                    // pager mode: on its way, and its 2xx is the answer
};

struct Party {
    PartyId id;
    PartyRole role = PartyRole::customer;
    PartyState state = PartyState::none;
    DnId dn;             // none where the customer is no DN of ours
    std::string number;  // as events name it: ThisDN
    PersonId agent;
    SlotId slot;  // of an agent's party, from the offer to the end
    std::optional<PartyLeg> leg;
    TimePoint joined_at;
    std::optional<TimePoint> answered_at;
};

/// A text of the customer that no agent has read yet.
struct HeldText {
    TextId id;
    TimePoint at;
    std::string text;
};

struct RunningTreatment {
    std::string name;
    TimePoint started_at;
};

/// A stay in a virtual queue: from ix:queue or a route's `queue` until an agent answered, it was left, or the
/// end.
struct VirtualQueueStay {
    DnId queue;
    std::string number;
    CallUuid id;            // VQID of events, RVQID of user data
    bool by_route = false;  // entered by a route's `queue`: ends with that route
    bool diverted = false;  // its EventDiverted is out; a new EventQueued follows where nobody answers
    Seq row;                // the open row of queue_stay
    TimePoint entered;
};

/// A priority that grows while the interaction waits (ix:increment_priority).
struct PriorityRise {
    int by = 0, limit = 0;
    Duration every{};
    TimerId timer;  // none: the priority does not grow
};

/// A treatment that a T-Library client applied, while it waits for the customer's next text.
struct ClientTreatment {
    std::int64_t type = 0;
    TimerId timer;
};

/// RequestRouteCall whose EventRouteUsed is due when the target answers (divert-on-ringing false).
struct RouteAsked {
    ClientId client;
    messages::Integer reference;
};

/// What the strategy's coroutine waits for. Every one has a live cause: a timer, an entry in routing or
/// an offer.
enum class ScriptWait { none, text, route, route_to, time, event, client_route, outside };

/// Where the interaction stands, as `ix.state` and the tables of trunkctl say it.
enum class Phase { routing_point, waiting, ringing, established };

[[nodiscard]] constexpr std::string_view to_text(Phase phase) {
    switch (phase) {
        case Phase::waiting:
            return "waiting";
        case Phase::ringing:
            return "ringing";
        case Phase::established:
            return "established";
        case Phase::routing_point:
            break;
    }
    return "treatment";
}

struct Interaction {
    CallUuid id;
    ConnId conn_id;
    std::int64_t call_id = 0;
    agents::Media media = agents::Media::chat;
    messages::CallType call_type = messages::CallType::inbound;
    TenantId tenant;
    SwitchId sw;
    DnId routing_point;
    std::string dnis, host, customer, ani;
    CallUuid parent;
    TimePoint created;
    int priority = 0;
    SharedKv user_data;
    Phase phase = Phase::routing_point;

    // The customer's leg.
    messages::LegAddress leg;
    SipTxnId invite;  // of a session-mode leg that is not answered yet
    TimePoint last_text_at;
    TimerId idle;  // pager mode: silence ends the session

    std::vector<Party> parties;  // the customer first; parties that left are erased
    OfferId offer;               // while an agent rings

    // Strategy.
    std::string strategy;
    Generation generation;
    ScriptWait wait = ScriptWait::none;
    TimerId wait_timer;
    OutsideId outside;  // the query or web request that the script waits for
    // Its busy treatment: what that waits for, and whether this wait for an agent has had it.
    ScriptWait on_wait = ScriptWait::none;
    TimerId on_wait_timer;
    OutsideId on_wait_outside;
    bool on_wait_begun = false;
    bool wait_timed_out = false;  // the route's time ran out while an agent rang: decided when the offer ends
    TimerId pass_over_timer;
    TimePoint route_requested;
    std::string route_destination;  // where it was sent without selection: for the row of one that fails
    bool first_collect_done = false;
    bool in_default = false;      // the strategy's own `default` runs
    bool default_routed = false;  // the server's own default routing, after the strategy
    bool answered = false;        // an agent was established at some time
    int trace_steps = 0;
    std::vector<RunningTreatment> treatments;  // innermost last: a treatment may run others
    bool diverted = false;                     // EventDiverted has left the routing point
    TimerId router_timer;       // until the routing point's router, script or client, does something
    bool client_rings = false;  // the offer at hand is of a client's RequestRouteCall
    RouteAsked route_asked;
    std::optional<ClientTreatment> client_treatment;

    // Texts.
    std::vector<HeldText> held;
    std::int64_t texts = 0;

    // Waiting.
    PriorityRise priority_rise;
    std::vector<VirtualQueueStay> virtual_queues;  // in order of entry; each ends exactly once
    TimerId queued_timer;  // default routing or route_to waits until less rings at the DN: the limit of that

    // Open rows of reporting.
    Seq queue_row;
    TimePoint queue_entered;

    [[nodiscard]] ScriptWait& wait_of(Strand strand) { return strand == Strand::strategy ? wait : on_wait; }
    [[nodiscard]] TimerId& timer_of(Strand strand) {
        return strand == Strand::strategy ? wait_timer : on_wait_timer;
    }
    [[nodiscard]] OutsideId& outside_of(Strand strand) {
        return strand == Strand::strategy ? outside : on_wait_outside;
    }
    /// The strand that waits for the customer's next text; none where no script reads.
    [[nodiscard]] std::optional<Strand> reader() const {
        if (wait == ScriptWait::text) return Strand::strategy;
        if (on_wait == ScriptWait::text) return Strand::on_wait;
        return std::nullopt;
    }
    [[nodiscard]] Party* party(PartyId which) {
        for (Party& p : parties)
            if (p.id == which) return &p;
        return nullptr;
    }
    [[nodiscard]] Party* party_at(DnId dn) {
        for (Party& p : parties)
            if (p.dn == dn && p.role != PartyRole::customer) return &p;
        return nullptr;
    }
    /// Who serves the customer, or rings to: an agent, or an external number.
    [[nodiscard]] Party* agent_party() {
        for (Party& p : parties)
            if (p.role == PartyRole::agent || p.role == PartyRole::external) return &p;
        return nullptr;
    }
    [[nodiscard]] const Party* agent_party() const { return const_cast<Interaction*>(this)->agent_party(); }
};

}  // namespace trunkline::interactions
