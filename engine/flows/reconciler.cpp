#include "engine/flows/reconciler.hpp"

#include "engine/flows/after_work.hpp"
#include "engine/flows/agent_work.hpp"
#include "engine/flows/call_events.hpp"
#include "engine/flows/direct_routing.hpp"
#include "engine/flows/endpoints.hpp"
#include "engine/flows/offering.hpp"
#include "engine/flows/reach.hpp"
#include "engine/flows/reserving.hpp"
#include "engine/flows/sessions.hpp"

namespace trunkline::flows {
namespace {

using interactions::PartyState;
using interactions::Phase;
using interactions::ScriptWait;

constexpr seconds between_sweeps{60}, between_slices{1};
constexpr std::size_t slice = 500;  // of each kind, a few microseconds each
constexpr std::int64_t lost_cause = 40110;

void tell(Core& core, TenantId tenant, const std::string& what, const std::string& done) {
    ++core.counters.reconciled;
    core.log_event(lost_cause, messages::LogLevel::warning,
                   "reconciler: " + what + "; " + done +
                       ". This is a fault of the server: please report it with the log before it",
                   tenant, {});
}

TenantId tenant_of(const Core& core, DnId dn) {
    const auto* found = core.config->dn(dn);
    return found == nullptr ? TenantId{} : found->tenant;
}

// ---- slots and offers ----

bool slot_has_cause(const Core& core, SlotId id, const agents::Slot& slot) {
    const Interaction* ix = core.interactions.find(slot.interaction);
    const Party* party = ix == nullptr ? nullptr : ix->agent_party();
    if (party == nullptr || party->slot != id) return false;
    if (slot.established) return party->state == PartyState::connected || party->state == PartyState::held;
    const routing::Offer* offer = core.offers.find(ix->offer);
    return offer != nullptr && offer->slot == id;
}

void look_at_slot(Core& core, SlotId id) {
    const agents::Slot slot = *core.agents.slot(id);
    if (slot_has_cause(core, id, slot)) return;
    tell(core, tenant_of(core, slot.dn),
         "DN " + core.number_of(slot.dn) + " held a place of its agent's capacity for no live session",
         "given back");
    SlotId given = id;
    core.agents.give_back(given);
    if (core.interactions.find(slot.interaction) == nullptr) core.statistics.lose(slot.interaction, core.now);
    if (slot.agent) refresh_agent(core, slot.agent);
    refresh_dn(core, slot.dn);
}

void look_at_offer(Core& core, OfferId id) {
    const routing::Offer offer = *core.offers.find(id);
    Interaction* ix = core.interactions.find(offer.interaction);
    if (ix == nullptr || ix->offer != id) {
        tell(core, tenant_of(core, offer.dn),
             "DN " + core.number_of(offer.dn) + " was reserved for no live session", "reservation ended");
        routing::Offer ended = *core.offers.take(id);
        core.timers.cancel(ended.deadline);
        core.agents.give_back(ended.slot);
        if (ended.agent) refresh_agent(core, ended.agent);
        if (ended.dn) ring_queued(core, ended.dn);
    } else if (!core.timers.running(offer.deadline)) {
        tell(core, ix->tenant, "DN " + core.number_of(offer.dn) + " rang without an end",
             "ended as no answer");
        refuse_offer(core, *ix, routing::OfferEnd::no_answer);
    }
}

// ---- agents ----

void look_at_rest(Core& core, agents::Seat& seat) {
    const bool timed = seat.rest_ends != TimePoint{} || seat.state == agents::AgentState::legal_guard;
    if (!agents::rests(seat.state) || !timed || core.timers.running(seat.rest)) return;
    tell(core, seat.tenant, "the agent at DN " + core.number_of(seat.dn) + " rested without an end",
         "rest ended");
    on_rest_over(core, seat.dn);
}

void look_at_reach(Core& core, agents::Seat& seat) {
    if (!reachable(core, seat.dn)) {
        watch_reach(core, seat.dn);  // where the configuration has just given it a limit
        return;
    }
    if (!seat.before_unreachable) return;
    tell(core, seat.tenant,
         "the agent at DN " + core.number_of(seat.dn) + " counted as unreachable and is not",
         "put back to his former state");
    if (reached_again(core, seat.dn)) emit_agent_state(core, seat);
    refresh_agent(core, seat.agent);
}

void look_at_reservation(Core& core, const agents::Seat& seat) {
    const agents::Reservation* held = core.reservations.of(seat.agent);
    if (held == nullptr ||
        (core.timers.running(held->timer) && core.devices.registered(held->client, held->dn)))
        return;
    tell(core, seat.tenant, "the agent at DN " + core.number_of(seat.dn) + " was reserved without an end",
         "reservation ended");
    end_reservation(core, seat.agent);
}

void look_at_seat(Core& core, DnId dn) {
    agents::Seat* seat = core.agents.seat(dn);
    look_at_reservation(core, *seat);
    look_at_rest(core, *seat);
    look_at_reach(core, *seat);
    if ((seat = core.agents.seat(dn)) == nullptr || !ability_is_stale(core, *seat)) return;
    tell(core, seat->tenant, "routing took the agent at DN " + core.number_of(dn) + " for other than he is",
         "told anew");
    refresh_agent(core, seat->agent);
}

// ---- interactions ----

bool will_move(const Core& core, const Interaction& ix) {
    const bool scripted = ix.wait != ScriptWait::none && core.scripts->running(ix.id);
    switch (ix.phase) {
        case Phase::ringing:
            return core.offers.find(ix.offer) != nullptr;
        case Phase::established: {
            const Party* party = ix.agent_party();
            return party != nullptr && (party->leg || core.agents.slot(party->slot) != nullptr);
        }
        case Phase::waiting:
            return scripted && core.router.waits(ix.id) && !core.router.find(ix.id)->paused;
        case Phase::routing_point:
            break;
    }
    const bool treated = ix.client_treatment && core.timers.running(ix.client_treatment->timer);
    return scripted || treated || core.timers.running(ix.router_timer) || core.dn_queues.waits(ix.id);
}

void look_at_interaction(Core& core, CallUuid id) {
    Interaction* ix = core.interactions.find(id);
    if (will_move(core, *ix)) return;
    tell(core, ix->tenant,
         "interaction " + to_uuid_text(id) + " (" + std::string(to_text(ix->phase)) +
             ") had nothing to wait for",
         ix->phase == Phase::routing_point ? "default routing" : "ended, its customer told where he can be");
    if (ix->phase == Phase::routing_point)
        default_route(core, *ix);
    else
        end_interaction(core, id, End::failed);
}

// Looks at the next slice of a map from `cursor` on; true where it has reached the end. Looking may change
// the map.
template <class Map, class Key, class Look>
bool look_on(const Map& map, Key& cursor, Look look) {
    std::vector<Key> keys;
    auto at = map.upper_bound(cursor);
    for (; at != map.end() && keys.size() < slice; ++at) keys.push_back(at->first);
    const bool end = at == map.end();
    cursor = end || keys.empty() ? Key{} : keys.back();
    for (const Key key : keys)
        if (map.contains(key)) look(key);
    return end;
}

bool anything_lives(const Core& core) {
    return core.interactions.size() > 0 || !core.agents.seats().empty() || !core.agents.slots().empty() ||
           !core.offers.all().empty();
}

}  // namespace

void arm_sweep(Core& core) {
    if (!anything_lives(core))
        core.timers.cancel(core.sweep.timer);
    else if (!core.sweep.timer)
        core.sweep.timer = core.timers.schedule(core.now + between_sweeps, SweepDue{});
}

void on_sweep_due(Core& core) {
    core.sweep.timer = {};
    if (!core.config) return;
    bool whole = look_on(core.agents.slots(), core.sweep.slot, [&](SlotId id) { look_at_slot(core, id); });
    whole &= look_on(core.offers.all(), core.sweep.offer, [&](OfferId id) { look_at_offer(core, id); });
    whole &= look_on(core.agents.seats(), core.sweep.seat, [&](DnId id) { look_at_seat(core, id); });
    whole &= look_on(core.interactions.all(), core.sweep.interaction,
                     [&](CallUuid id) { look_at_interaction(core, id); });
    if (!whole) core.sweep.timer = core.timers.schedule(core.now + between_slices, SweepDue{});
}

}  // namespace trunkline::flows
