#include "engine/flows/invariants.hpp"

#include <algorithm>
#include <map>

#include "engine/flows/endpoints.hpp"
#include "engine/flows/leaving.hpp"
#include "engine/flows/reserving.hpp"
#include "engine/flows/user_data.hpp"

namespace trunkline::flows {
namespace {

using interactions::Interaction;
using interactions::Party;
using interactions::PartyRole;
using interactions::PartyState;
using interactions::Phase;
using interactions::ScriptWait;

class Findings {
  public:
    void expect(bool holds, std::string what) {
        if (!holds) words_.push_back(std::move(what));
    }
    std::vector<std::string> words_;
};

// Every slot points to a live cause: an offer that rings or an established party; and each is counted once.
void slots_have_causes(const Core& core, Findings& found) {
    std::map<PersonId, agents::Load> counted;
    for (const auto& [id, slot] : core.agents.slots()) {
        const std::string name = "slot " + std::to_string(id.value());
        if (slot.agent) ++counted[slot.agent].of(slot.media);
        const Interaction* ix = core.interactions.find(slot.interaction);
        found.expect(ix != nullptr, name + " belongs to no live interaction");
        if (ix == nullptr) continue;
        const Party* party = ix->agent_party();
        found.expect(party != nullptr && party->slot == id, name + " belongs to no party");
        const routing::Offer* offer = core.offers.find(ix->offer);
        if (slot.established)
            found.expect(party != nullptr &&
                             (party->state == PartyState::connected || party->state == PartyState::held),
                         name + " is established, its party is not");
        else
            found.expect(offer != nullptr && offer->slot == id, name + " is reserved without an offer");
    }
    for (const auto& [dn, seat] : core.agents.seats())
        found.expect(core.agents.load(seat.agent) == counted[seat.agent],
                     "the load of an agent is not the count of his slots");
}

// Live figures are folded from rows: what they count as alive is what the engine has.
void statistics_agree(const Core& core, Findings& found) {
    std::size_t alive = core.agents.seats().size();
    for (const auto& [id, ix] : core.interactions.all()) {
        alive += (ix->queue_row ? 1 : 0) + ix->virtual_queues.size();
        for (const Party& party : ix->parties) alive += party.role == PartyRole::agent && party.agent ? 1 : 0;
    }
    found.expect(core.statistics.alive() == alive,
                 "statistics count " + std::to_string(core.statistics.alive()) +
                     " live stays, log-ins and sessions of agents, the engine has " + std::to_string(alive));
    for (const auto& [dn, seat] : core.agents.seats()) {
        const auto* figures =
            core.statistics.agent(core.tenant_name(seat.tenant), core.user_name(seat.agent));
        found.expect(figures != nullptr && figures->logged_in(),
                     "statistics count an agent as logged out who is not");
    }
}

void offers_have_deadlines(const Core& core, Findings& found) {
    for (const auto& [id, offer] : core.offers.all()) {
        const std::string name = "offer " + std::to_string(id.value());
        const Interaction* ix = core.interactions.find(offer.interaction);
        found.expect(ix != nullptr && ix->offer == id, name + " belongs to no interaction");
        const Party* party = ix == nullptr ? nullptr : ix->agent_party();
        const bool external = party != nullptr && party->role == PartyRole::external;
        found.expect((core.agents.slot(offer.slot) != nullptr) != external,
                     name + " of an agent holds no slot, or one of an external number does");
        found.expect(external == !offer.dn, name + " and its party disagree about being outside");
        found.expect(core.timers.running(offer.deadline), name + " has no deadline");
    }
}

// Rest has an end, or the agent ends it; who cannot be reached is about to be, or is, not ready for that
// reason.
void agents_can_go_on(const Core& core, Findings& found) {
    using agents::AgentState;
    for (const auto& [dn, seat] : core.agents.seats()) {
        const std::string name = "the agent at DN " + core.number_of(dn);
        const bool timed = core.timers.running(seat.rest);
        found.expect(timed == (seat.rest_ends != TimePoint{}), name + " has a rest without its timer");
        found.expect(!timed || agents::rests(seat.state), name + " has a timer of rest and does not rest");
        found.expect(seat.state != AgentState::legal_guard || timed, name + " is in legal guard for ever");
        found.expect(seat.state != AgentState::logged_out, name + " sits there logged out");
        const auto endpoint = core.endpoints.find(dn);
        const bool asked = endpoint != core.endpoints.end() && core.timers.running(endpoint->second.next);
        found.expect(asked == endpoint_of(core, dn).has_value(),
                     name + " has a SIP endpoint that nobody asks, or none that somebody asks");
        if (reachable(core, dn)) {
            found.expect(!seat.before_unreachable && !core.timers.running(seat.unreachable),
                         name + " is reachable and counts as unreachable");
            continue;
        }
        found.expect(!seat.before_unreachable || seat.state == AgentState::not_ready,
                     name + " cannot be reached and is not NotReady");
        found.expect(seat.before_unreachable || core.timers.running(seat.unreachable) ||
                         core.dn_seconds(dn, "unreachable-timeout", 30) <= 0,
                     name + " cannot be reached and nobody will notice");
    }
}

// A busy treatment runs only beside a route that looks for an agent, and what it waits for will come.
void busy_treatment_fits(const Core& core, const Interaction& ix, const std::string& name, Findings& found) {
    const bool runs = core.scripts->running(ix.id, scripting::Strand::on_wait);
    found.expect(!runs || ix.phase == Phase::waiting, name + " has a busy treatment but waits for nobody");
    found.expect(!runs || ix.on_wait_begun, name + " has a busy treatment that was not begun");
    found.expect(runs == (ix.on_wait != ScriptWait::none),
                 name + " and its busy treatment disagree about waiting");
    if (ix.on_wait == ScriptWait::time)
        found.expect(core.timers.running(ix.on_wait_timer), name + " has a busy treatment without a timer");
}

// An interaction waits for exactly what its phase says, and something will end that.
void interactions_can_go_on(const Core& core, Findings& found) {
    for (const auto& [id, ix] : core.interactions.all()) {
        const std::string name = "interaction " + to_uuid_text(id);
        const Party* agent = ix->agent_party();
        found.expect(!ix->parties.empty() && ix->parties.front().role == PartyRole::customer,
                     name + " has no customer");
        found.expect((ix->phase == Phase::ringing) == static_cast<bool>(ix->offer),
                     name + " rings without an offer or the other way round");
        found.expect(
            (ix->phase == Phase::established) == (agent != nullptr && agent->state == PartyState::connected),
            name + " and its agent's party disagree about being established");
        found.expect(
            (ix->phase == Phase::waiting) == (core.router.waits(id) && !core.router.find(id)->paused),
            name + " and routing disagree about waiting");
        if (ix->phase == Phase::routing_point) {
            const bool script = core.scripts->running(id) && ix->wait != ScriptWait::none;
            const bool treated = ix->client_treatment && core.timers.running(ix->client_treatment->timer);
            found.expect(
                script || treated || core.timers.running(ix->router_timer) || core.dn_queues.waits(id),
                name + " is at the routing point and nothing will move it");
        }
        if (ix->phase == Phase::waiting || (ix->phase == Phase::ringing && core.router.waits(id)))
            found.expect(ix->wait == ScriptWait::route, name + " waits for an agent, its script does not");
        found.expect(core.dn_queues.waits(id) == core.timers.running(ix->queued_timer),
                     name + " is queued at a DN without a limit, or has the limit without the queue");
        if (ix->phase == Phase::established)
            found.expect(ix->virtual_queues.empty() && !core.timers.running(ix->priority_rise.timer),
                         name + " has an agent and still waits in a virtual queue or grows in priority");
        if (ix->wait == ScriptWait::time)
            found.expect(core.timers.running(ix->wait_timer), name + " sleeps without a timer");
        found.expect(
            (ix->wait == ScriptWait::event || ix->on_wait == ScriptWait::event) == core.awaited.contains(id),
            name + " waits for an event that nobody will tell it");
        found.expect(!ix->client_rings || ix->offer, name + " rings for a client without an offer");
        if (ix->wait != ScriptWait::none)
            found.expect(core.scripts->running(id), name + " has a waiting script that does not run");
        busy_treatment_fits(core, *ix, name, found);
        if (ix->leg.kind == messages::LegKind::pager)
            found.expect(core.timers.running(ix->idle) ||
                             core.dn_seconds(ix->routing_point, "im-idle-timeout", 900) <= 0,
                         name + " is a pager-mode session that silence cannot end");
        if (ix->phase == Phase::established)
            found.expect(ix->held.empty(), name + " keeps texts from its agent");
    }
}

// A leg of ours is that of one live party. It rings over it because a text is on its way that will be
// answered.
void legs_have_parties(const Core& core, Findings& found) {
    std::size_t legs = 0;
    for (const auto& [id, ix] : core.interactions.all())
        for (const Party& party : ix->parties) {
            const std::string name = "party " + party.number + " of interaction " + to_uuid_text(id);
            found.expect(party.role != PartyRole::external || party.leg.has_value(), name + " has no leg");
            if (!party.leg) continue;
            ++legs;
            const auto owner = core.party_legs.find(party.leg->address.key);
            found.expect(owner && owner->interaction == id && owner->party == party.id,
                         name + " has a leg that is not known as its own");
            if (party.state != PartyState::alerting || party.leg->address.kind != messages::LegKind::pager)
                continue;
            const auto opening = core.texts_out.find(party.leg->opening);
            found.expect(opening != core.texts_out.end() && opening->second.opens == party.leg->address.key,
                         name + " is asked by no text");
        }
    found.expect(legs == core.party_legs.size() && legs == core.party_legs.names(),
                 "a leg belongs to no party, or a name to no leg");
}

// The keys of routing come on top of what scripts and clients may attach.
void user_data_is_bounded(const Core& core, Findings& found) {
    for (const auto& [id, ix] : core.interactions.all())
        if (user_data_bytes(*ix->user_data) > most_user_data_bytes + most_user_data_value)
            found.expect(false, "interaction " + to_uuid_text(id) + " carries too much user data");
}

// A freed slot is used in the same command: nobody waits for whom an able agent is there.
void nobody_waits_beside_an_able_agent(const Core& core, Findings& found) {
    for (const auto& [id, waiting] : core.router.all_waiting())
        if (!waiting.paused)
            found.expect(!core.router.somebody_for(id, core.now),
                         "interaction " + to_uuid_text(id) + " waits although an agent is able");
}

// What a script is shown after the end of its interaction lasts as long as the script: to the end of the
// command.
void scripts_have_interactions(const Core& core, Findings& found) {
    std::size_t owned = 0;
    for (const auto& [id, ix] : core.interactions.all()) owned += core.scripts->running(id) ? 1 : 0;
    found.expect(owned == core.scripts->runs(), "a script runs on without its interaction");
    found.expect(core.ended.empty(), "an interaction that is over was kept");
}

// A request outside has a script that waits for it, and a time when that wait is over.
void requests_outside_have_owners(const Core& core, Findings& found) {
    for (const auto& [id, owner] : core.outside) {
        const Interaction* ix = core.interactions.find(owner.interaction);
        const bool strategy = owner.strand == scripting::Strand::strategy;
        found.expect(ix != nullptr && (strategy ? ix->outside : ix->on_wait_outside) == id,
                     "request " + std::to_string(id.value()) + " outside belongs to no waiting script");
    }
    const auto check = [&](const std::string& name, ScriptWait wait, OutsideId outside, TimerId timer) {
        found.expect((wait == ScriptWait::outside) == static_cast<bool>(outside),
                     name + " and its request outside disagree about waiting");
        if (!outside) return;
        found.expect(core.outside.contains(outside), name + " waits for a request that is not known");
        found.expect(core.timers.running(timer), name + " waits for an answer without a deadline");
    };
    for (const auto& [id, ix] : core.interactions.all()) {
        const std::string name = "interaction " + to_uuid_text(id);
        check(name, ix->wait, ix->outside, ix->wait_timer);
        check(name + " (on_wait)", ix->on_wait, ix->on_wait_outside, ix->on_wait_timer);
    }
}

// A reservation has an end, and somebody who can give it back; its agent is not believed to be able.
void reservations_end(const Core& core, Findings& found) {
    for (const auto& [agent, held] : core.reservations.all()) {
        const std::string name = "the reservation of the agent at DN " + core.number_of(held.dn);
        const agents::Seat* seat = core.agents.seat(held.dn);
        found.expect(seat != nullptr && seat->agent == agent, name + " is of somebody who is not there");
        found.expect(core.devices.registered(held.client, held.dn),
                     name + " is held by nobody who hears him");
        found.expect(core.timers.running(held.timer) && held.ends - core.now <= longest_reservation,
                     name + " does not end");
        for (const DnId dn : core.agents.seats_of(agent))
            found.expect(core.router.ability(dn) != routing::Ability::able,
                         name + " is not known to routing");
    }
}

// Who is queued at a DN waits for something that rings there, or for a client who has reserved its agent.
void queues_at_dns_move(const Core& core, Findings& found) {
    core.dn_queues.for_each_dn([&](DnId dn) {
        found.expect(
            core.offers.ringing_at(dn) >= routing::most_ringing_at_a_dn || reserved_from(core, dn),
            "interactions are queued at DN " + std::to_string(dn.value()) + " although it could ring");
    });
}

// What has left the configuration is there as long as something lives on it, and no longer.
void leaving_objects_are_in_use(const Core& core, Findings& found) {
    const auto leaves = [](const auto& entry) { return entry.leaving; };
    const bool any = std::ranges::any_of(core.config->dns(), leaves) ||
                     std::ranges::any_of(core.config->persons(), leaves);
    found.expect(!any || core.coming, "something has left the configuration and nothing will let it go");
    if (!core.coming) return;
    const model::InUse in_use = objects_in_use(core);
    const bool needed =
        std::ranges::any_of(in_use.dns, [&](DnId id) { return core.coming->dn(id) == nullptr; }) ||
        std::ranges::any_of(in_use.logins, [&](LoginId id) { return core.coming->login(id) == nullptr; }) ||
        std::ranges::any_of(in_use.persons, [&](PersonId id) { return core.coming->person(id) == nullptr; });
    found.expect(needed, "what has left the configuration is not in use and has not gone");
}

void timers_have_owners(const Core& core, Findings& found) {
    core.timers.for_each([&](TimerId timer, TimePoint at, const TimerCause& cause) {
        found.expect(at >= core.now, "a timer is overdue");
        const auto owned = std::visit(
            [&](const auto& c) {
                using Cause = std::decay_t<decltype(c)>;
                if constexpr (std::is_same_v<Cause, OfferDeadline>) {
                    const routing::Offer* offer = core.offers.find(c.offer);
                    return offer != nullptr && offer->deadline == timer;
                } else if constexpr (std::is_same_v<Cause, RestOver>) {
                    const agents::Seat* seat = core.agents.seat(c.dn);
                    return seat != nullptr && seat->rest == timer;
                } else if constexpr (std::is_same_v<Cause, SweepDue>) {
                    return core.sweep.timer == timer;
                } else if constexpr (std::is_same_v<Cause, ReservationOver>) {
                    const agents::Reservation* held = core.reservations.of(c.agent);
                    return held != nullptr && held->timer == timer;
                } else if constexpr (std::is_same_v<Cause, EndpointDue>) {
                    const auto endpoint = core.endpoints.find(c.dn);
                    return endpoint != core.endpoints.end() && endpoint->second.next == timer;
                } else if constexpr (std::is_same_v<Cause, Unreachable>) {
                    const agents::Seat* seat = core.agents.seat(c.dn);
                    return seat != nullptr && seat->unreachable == timer;
                } else {
                    const Interaction* ix = core.interactions.find(c.interaction);
                    return ix != nullptr &&
                           (ix->wait_timer == timer || ix->on_wait_timer == timer || ix->idle == timer ||
                            ix->router_timer == timer || ix->pass_over_timer == timer ||
                            ix->priority_rise.timer == timer || ix->queued_timer == timer ||
                            (ix->client_treatment && ix->client_treatment->timer == timer));
                }
            },
            cause);
        found.expect(owned, "timer " + std::to_string(timer.value()) + " has lost its owner");
    });
}

}  // namespace

std::vector<std::string> broken_invariants(const Core& core) {
    Findings found;
    slots_have_causes(core, found);
    if (core.config) statistics_agree(core, found);
    offers_have_deadlines(core, found);
    if (core.config) agents_can_go_on(core, found);
    interactions_can_go_on(core, found);
    if (core.config) nobody_waits_beside_an_able_agent(core, found);
    if (core.config) leaving_objects_are_in_use(core, found);
    requests_outside_have_owners(core, found);
    legs_have_parties(core, found);
    queues_at_dns_move(core, found);
    user_data_is_bounded(core, found);
    reservations_end(core, found);
    timers_have_owners(core, found);
    found.expect(core.answers.empty() && core.endings.empty(), "a script's answer was left over");
    scripts_have_interactions(core, found);
    for (std::string& words : core.router.inconsistencies()) found.words_.push_back(std::move(words));
    return std::move(found.words_);
}

std::vector<std::string> residue(const Core& core) {
    std::vector<std::string> left;
    const auto say = [&](std::size_t count, const char* what) {
        if (count > 0) left.push_back(std::to_string(count) + " " + what);
    };
    say(core.interactions.size(), "interactions");
    say(core.offers.all().size(), "offers");
    say(core.agents.slots().size(), "slots");
    say(core.agents.seats().size(), "agents logged in");
    say(core.statistics.alive(), "rows that live figures wait for the end of");
    say(core.router.waiting(), "waiting");
    say(core.router.remembered(), "lists of agents passed over");
    say(core.dn_queues.size(), "queued at DNs");
    say(core.reservations.all().size(), "reservations of agents");
    say(core.party_legs.size(), "legs of parties");
    say(core.texts_out.size(), "texts on their way");
    say(core.timers.size(), "timers");
    say(core.outside.size(), "requests outside");
    say(core.awaited.size(), "scripts waiting for events");
    say(core.scripts->runs(), "scripts");
    say(core.ended.size(), "interactions kept for scripts");
    say(core.coming ? 1 : 0, "configurations to come");
    say(core.devices.clients(), "clients");
    return left;
}

}  // namespace trunkline::flows
