#include "engine/flows/offering.hpp"

#include "engine/flows/agent_work.hpp"
#include "engine/flows/busy_treatment.hpp"
#include "engine/flows/call_info.hpp"
#include "engine/flows/client_routing.hpp"
#include "engine/flows/decisions.hpp"
#include "engine/flows/direct_routing.hpp"
#include "engine/flows/priorities.hpp"
#include "engine/flows/ringing.hpp"
#include "engine/flows/sessions.hpp"
#include "engine/flows/strategies.hpp"
#include "engine/flows/texts.hpp"
#include "engine/flows/virtual_queues.hpp"

namespace trunkline::flows {
namespace {

using interactions::PartyEvent;
using interactions::PartyRole;
using interactions::Phase;
using interactions::ScriptWait;
using messages::CallState;
using messages::MessageId;
using routing::Offer;
using routing::OfferEnd;

// An agent who did not answer or declined is passed over by the interaction for this long.
constexpr seconds passed_over{60};
void offer_choice(Core& core, Interaction& ix, const routing::Choice& choice) {
    const routing::RouteRequest request =
        core.router.find(ix.id)->request;  // a copy: the router's entry may go while we ring
    record_decision(core, ix, request, choice);
    core.router.offered(ix.id, choice, core.now);
    core.router.pause(ix.id);
    agent_found(core, ix);
    make_offer(core, ix, {choice.agent, choice.dn, choice.target, &request});
}

void try_offer(Core& core, Interaction& ix) {
    if (const auto choice = core.router.choose(ix.id, core.now)) offer_choice(core, ix, *choice);
}

// Somebody whom it passes over may come again later.
void watch_passed_over(Core& core, Interaction& ix) {
    core.timers.cancel(ix.pass_over_timer);
    if (const auto next = core.router.next_return(ix.id, core.now))
        ix.pass_over_timer = core.timers.schedule(*next, PassOverEnds{ix.id});
}

void ask_for_a_route_again(Core& core, Interaction& ix) {
    ix.phase = Phase::waiting;
    if (!ix.diverted) return;
    ix.diverted = false;
    emit_at_routing_point(core, ix, MessageId::event_route_request);
    queue_virtual_queues_again(core, ix);
}

std::string requested_json(const routing::RouteRequest& request) {
    std::string out = "{\"targets\":[";
    for (const routing::Target& target : request.targets) {
        if (out.back() != '[') out += ',';
        append_json_string(out, routing::to_text(target));
    }
    out += "],\"timeout\":" + std::to_string(request.timeout.count() / 1'000'000) + ",\"statistic\":";
    append_json_string(out, request.statistic);
    return out + "}";
}

}  // namespace

void record_route(Core& core, const Interaction& ix, const char* result, const Offer* offer) {
    records::Route row;
    row.seq = core.ids.next_seq();
    row.interaction_id = ix.id;
    row.tenant = core.tenant_name(ix.tenant);
    row.switch_ = core.switch_name_of(offer == nullptr ? DnId{} : offer->dn, ix.sw);
    if (const auto* waiting = core.router.find(ix.id)) row.requested.is = requested_json(waiting->request);
    if (offer == nullptr && !ix.route_destination.empty()) {
        row.target = "dn:" + ix.route_destination;
        row.dn = ix.route_destination;
    }
    if (offer != nullptr) {
        row.target = offer->target;
        row.agent = core.user_name(offer->agent);
        row.dn = offer->number;
        row.selected_at = offer->made_at;
    }
    row.requested_at = ix.route_requested;
    row.result = result;
    core.record(std::move(row));
}

void end_route(Core& core, Interaction& ix, routing::RouteFailure failure) {
    record_route(core, ix, std::string(routing::to_text(failure)).c_str());
    core.router.remove(ix.id, core.now);
    leave_queue_of_route(core, ix, failure);
    core.timers.cancel(ix.pass_over_timer);
    ix.phase = Phase::routing_point;
    answer_script(core, ix, scripting::NotRouted{failure});
}

void start_route(Core& core, Interaction& ix, const routing::RouteRequest& request) {
    core.timers.cancel(ix.router_timer);
    ix.wait = ScriptWait::route;
    ix.wait_timed_out = false;
    ix.route_requested = core.now;
    ix.route_destination.clear();
    ix.default_routed = false;  // what the strategy tried before has failed
    if (request.priority) ix.priority = *request.priority;
    routing::RouteRequest asked = request;
    asked.explain = request.explain || core.explain_all;
    if (!core.router.add(ix.id, ix.tenant, asked, ix.priority, ix.queue_entered)) {
        end_route(core, ix, routing::RouteFailure::no_target);
        return;
    }
    ix.phase = Phase::waiting;
    if (!request.virtual_queue.empty()) enter_queue_of_route(core, ix, request.virtual_queue);
    if (request.timeout.count() > 0)
        ix.wait_timer = core.timers.schedule(core.now + request.timeout, WaitOver{ix.id});
    watch_passed_over(core, ix);
    try_offer(core, ix);
    look_at_on_wait(core, ix);
}

void match_agent(Core& core, std::span<const DnId> dns) {
    // An interaction whose own function sees only others now (it is asked for the longest idle) lets the next
    // by.
    std::vector<CallUuid> let_by;
    while (const auto id = core.router.interaction_for(dns, core.now)) {
        Interaction* ix = core.interactions.find(*id);
        if (ix == nullptr) break;
        if (const auto choice = core.router.choose(*id, core.now)) {
            offer_choice(core, *ix, *choice);
        } else {
            core.router.pause(*id);
            let_by.push_back(*id);
        }
    }
    for (const CallUuid id : let_by) core.router.resume(id);
}

void answer_offer(Core& core, Interaction& ix, ClientId asked, messages::Integer reference) {
    const Offer offer = *core.offers.take(std::exchange(ix.offer, OfferId{}));
    TimerId deadline = offer.deadline;
    core.timers.cancel(deadline);
    core.timers.cancel(ix.wait_timer);
    core.timers.cancel(ix.pass_over_timer);
    accept_leg(core, ix);
    core.agents.establish(offer.slot);
    Party& party = *ix.agent_party();
    party.answered_at = core.now;
    move_party(core, ix, party, PartyEvent::answer);
    core.record(records::PartyAnswered{core.ids.next_seq(), party.id, party.joined_at, core.now});
    ix.phase = Phase::established;
    ix.answered = true;
    ix.client_rings = false;
    emit_at_party(core, ix, party, MessageId::event_established, CallState::ok, asked, reference);
    tell_parties(core, ix);
    divert(core, ix, party.number, !offer.by_default);
    if (party.leg) leg_answered(core, party);
    stop_priority_rise(core, ix);
    record_route(core, ix, offer.by_default && ix.default_routed ? "default" : "selected", &offer);
    if (ix.queue_row) {
        core.record(records::QueueLeft{std::exchange(ix.queue_row, Seq{}), ix.queue_entered, core.now,
                                       "distributed"});
        for (const Party& p : ix.parties)
            if (p.role == PartyRole::routing_point) {
                remove_party(core, ix, p.id, "redirected");
                break;
            }
    }
    virtual_queues_answered(core, ix, !offer.by_default);
    core.router.remove(ix.id, core.now);
    if (offer.agent) {
        for (const DnId dn : core.agents.seats_of(offer.agent)) core.agents.seat(dn)->idle_since = core.now;
        refresh_agent(core, offer.agent);
    }
    deliver_held_texts(core, ix);
    const agents::Seat* seat = core.agents.seat(offer.dn);
    answer_script(core, ix,
                  scripting::Routed{{core.user_name(offer.agent), offer.number,
                                     seat == nullptr ? std::string{} : core.place_name(seat->place),
                                     offer.target, core.now - ix.route_requested}});
    ring_queued(core, offer.dn);
}

void refuse_offer(Core& core, Interaction& ix, OfferEnd how, ClientId asked, messages::Integer reference) {
    const bool declined = how == OfferEnd::declined || how == OfferEnd::failed,
               no_answer = how == OfferEnd::no_answer;
    const CallState state = no_answer  ? CallState::no_answer
                            : declined ? CallState::ok
                                       : CallState::redirected;
    const char* cause = no_answer                   ? "no_answer"
                        : how == OfferEnd::failed   ? "failed"
                        : how == OfferEnd::declined ? "released"
                                                    : "redirected";
    const Offer offer = close_offer(core, ix, state, cause, asked, reference, MessageId::event_released);
    if (no_answer) apply_no_answer_action(core, offer.dn);
    if (offer.agent) refresh_abilities(core, offer.agent);
    ask_for_a_route_again(core, ix);
    const CallUuid id = ix.id;
    if (offer.by_default) {
        direct_route_failed(core, ix,
                            no_answer ? routing::RouteFailure::timeout : routing::RouteFailure::rejected);
    } else {
        core.router.pass_over(id, offer.agent, core.now + passed_over, declined);
        core.router.resume(id);
        look_at_on_wait(core, ix);
        if (!core.timers.running(ix.pass_over_timer)) watch_passed_over(core, ix);
        if (ix.wait_timed_out)
            end_route(core, ix, routing::RouteFailure::timeout);
        else if (!core.router.has_target(id))
            end_route(core, ix, routing::RouteFailure::no_target);  // lost while the agent rang
        else if (declined && core.router.all_declined(id, core.now))
            end_route(core, ix, routing::RouteFailure::rejected);
        else if (const auto other = core.router.choose(id, core.now); other && other->agent != offer.agent)
            offer_choice(core, ix, *other);
    }
    // His slot is free for whoever waits; this interaction comes to him again only after those that he did
    // not refuse.
    if (offer.agent) refresh_agent(core, offer.agent);
    if (offer.dn) {
        refresh_dn(core, offer.dn);
        ring_queued(core, offer.dn);
    }
    if (Interaction* again = core.interactions.find(id)) try_offer(core, *again);
}

void redirect_offer(Core& core, Interaction& ix, DnId to, ClientId asked, messages::Integer reference) {
    const Offer former = close_offer(core, ix, CallState::redirected, "redirected", asked, reference,
                                     MessageId::event_released);
    if (former.agent) refresh_abilities(core, former.agent);
    if (!former.by_default) core.router.pass_over(ix.id, former.agent, core.now + passed_over, false);
    const agents::Seat* seat = core.agents.seat(to);
    make_offer(
        core, ix,
        {seat == nullptr ? PersonId{} : seat->agent, to, "dn:" + core.number_of(to), nullptr, &former});
    if (former.agent) refresh_agent(core, former.agent);
    refresh_dn(core, former.dn);
    ring_queued(core, former.dn);
}

void withdraw_offer(Core& core, Interaction& ix, ClientId asked, messages::Integer reference) {
    close_offer(core, ix, CallState::abandoned, "abandoned", asked, reference, MessageId::event_abandoned);
}

void on_offer_deadline(Core& core, OfferId id) {
    const Offer* offer = core.offers.find(id);
    if (offer == nullptr) return;
    if (Interaction* ix = core.interactions.find(offer->interaction))
        refuse_offer(core, *ix, OfferEnd::no_answer);
}

void on_route_timeout(Core& core, Interaction& ix) {
    // An agent rings: he may still answer. When the offer ends without one, the time that ran out counts.
    if (ix.offer)
        ix.wait_timed_out = true;
    else
        end_route(core, ix, routing::RouteFailure::timeout);
}

void on_pass_over_ends(Core& core, CallUuid id) {
    Interaction* ix = core.interactions.find(id);
    if (ix == nullptr) return;
    ix->pass_over_timer = {};
    if (!core.router.waits(id)) return;
    watch_passed_over(core, *ix);
    if (!ix->offer) try_offer(core, *ix);
}

void on_router_timeout(Core& core, CallUuid id) {
    Interaction* ix = core.interactions.find(id);
    if (ix == nullptr) return;
    ix->router_timer = {};
    end_strategy(core, *ix);  // it did nothing with the interaction so far, and loses it
    core.log_event(52053, messages::LogLevel::warning,
                   "nobody routed the interaction within router-timeout at routing point " + ix->dnis +
                       ": default routing",
                   ix->tenant, {});
    default_route(core, *ix);
}

}  // namespace trunkline::flows
