#include "engine/flows/direct_routing.hpp"

#include "engine/flows/client_routing.hpp"
#include "engine/flows/endpoints.hpp"
#include "engine/flows/offering.hpp"
#include "engine/flows/reserving.hpp"
#include "engine/flows/ringing.hpp"
#include "engine/flows/sessions.hpp"
#include "engine/flows/texts.hpp"

namespace trunkline::flows {
namespace {

using interactions::Phase;
using interactions::ScriptWait;
using routing::RouteFailure;

// Nothing waits for ever: who is queued at a DN for so long fails there.
constexpr seconds longest_queued{600};

bool can_ring(const Core& core, const model::DnEntry& dn) {
    const bool rings = dn.type == model::DnType::extension || dn.type == model::DnType::acd_position;
    const agents::Seat* seat = core.agents.seat(dn.id);
    return rings && !dn.leaving && may_answer(core, dn.id) && (seat == nullptr || !seat->do_not_disturb);
}

void fail_interaction(Core& core, Interaction& ix) {
    send_failed_text(core, ix);
    end_interaction(core, ix.id, End::failed);
}

void ring_or_queue(Core& core, Interaction& ix, DnId dn) {
    if (core.offers.ringing_at(dn) < routing::most_ringing_at_a_dn && !core.dn_queues.first(dn) &&
        !reserved_from(core, dn)) {
        ring_dn(core, ix, dn);
        return;
    }
    core.dn_queues.add(dn, ix.id);
    ix.queued_timer = core.timers.schedule(core.now + longest_queued, QueuedTooLong{ix.id});
}

// Default routing or route_to: a DN that somebody would hear ring, else an external number or SIP URI.
void go(Core& core, Interaction& ix, const std::string& destination) {
    const std::string number = own_number(
        core, ix,
        destination.empty() ? std::string(core.dn_option(ix.routing_point, "default-dn")) : destination);
    ix.route_destination = number;
    const model::DnEntry* dn = dn_named(core, ix, number);
    if (dn != nullptr && can_ring(core, *dn))
        ring_or_queue(core, ix, dn->id);
    else if (const auto external = dn == nullptr ? external_destination(core, ix, number) : std::nullopt)
        ring_external(core, ix, *external);
    else
        direct_route_failed(core, ix, RouteFailure::no_target);
}

}  // namespace

void start_route_to(Core& core, Interaction& ix, const std::string& destination) {
    core.timers.cancel(ix.router_timer);
    ix.wait = ScriptWait::route_to;
    ix.route_requested = core.now;
    ix.default_routed = destination.empty();
    go(core, ix, destination);
}

void default_route(Core& core, Interaction& ix) {
    core.timers.cancel(ix.router_timer);
    ix.default_routed = true;
    ix.route_requested = core.now;
    go(core, ix, {});
}

void direct_route_failed(Core& core, Interaction& ix, RouteFailure failure) {
    ix.phase = Phase::routing_point;
    if (ix.client_rings) {
        record_route(core, ix, std::string(routing::to_text(failure)).c_str());
        client_route_failed(core, ix);
    } else if (ix.wait == ScriptWait::route_to)
        end_route(core, ix, failure);
    else if (!ix.default_routed)
        default_route(core, ix);  // rung for a strategy that was ended meanwhile
    else
        fail_interaction(core, ix);
}

void ring_queued(Core& core, DnId dn) {
    while (core.offers.ringing_at(dn) < routing::most_ringing_at_a_dn && !reserved_from(core, dn)) {
        const auto next = core.dn_queues.first(dn);
        if (!next) return;
        core.dn_queues.remove(*next);
        Interaction& ix = *core.interactions.find(*next);
        core.timers.cancel(ix.queued_timer);
        const model::DnEntry* entry = core.config->dn(dn);
        if (entry != nullptr && can_ring(core, *entry))
            ring_dn(core, ix, dn);
        else
            direct_route_failed(core, ix, RouteFailure::no_target);
    }
}

void on_queued_too_long(Core& core, CallUuid id) {
    Interaction* ix = core.interactions.find(id);
    if (ix == nullptr) return;
    ix->queued_timer = {};
    core.dn_queues.remove(id);
    direct_route_failed(core, *ix, RouteFailure::timeout);
}

}  // namespace trunkline::flows
