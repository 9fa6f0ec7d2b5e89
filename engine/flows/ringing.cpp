#include "engine/flows/ringing.hpp"

#include "engine/flows/agent_work.hpp"
#include "engine/flows/endpoints.hpp"
#include "engine/flows/reserving.hpp"
#include "engine/flows/routing_keys.hpp"
#include "engine/flows/sessions.hpp"
#include "engine/flows/virtual_queues.hpp"

namespace trunkline::flows {
namespace {

using interactions::PartyEvent;
using interactions::PartyRole;
using interactions::Phase;
using messages::CallState;
using messages::MessageId;
using routing::Offer;

// Where every no-answer option is off an offer still ends.
constexpr double longest_ringing = 600;

double ringing_seconds(const Core& core, const Interaction& ix, DnId dn) {
    if (const agents::Seat* seat = core.agents.seat(dn))
        if (const auto* login = core.config->login(seat->login))
            if (const double s =
                    model::option_seconds(login->object->options, "TServer", "no-answer-timeout", 0);
                s > 0)
                return s;
    if (const double s = core.dn_seconds(dn, "no-answer-timeout", 0); s > 0) return s;
    if (const double s = core.dn_seconds(ix.routing_point, "after-routing-timeout", 10); s > 0) return s;
    return longest_ringing;
}

bool diverts_on_ringing(const Core& core, const Interaction& ix) {
    return core.dn_flag(ix.routing_point, "divert-on-ringing", true);
}

void begin_offer(Core& core, Interaction& ix, Offer offer) {
    const DnId dn = offer.dn;
    const OfferId id = core.offers.add(std::move(offer));
    core.offers.set_deadline(
        id, core.timers.schedule(core.now + from_seconds(ringing_seconds(core, ix, dn)), OfferDeadline{id}));
    ix.offer = id;
    ix.phase = Phase::ringing;
}

}  // namespace

void divert(Core& core, Interaction& ix, const std::string& to, bool by_target) {
    if (ix.diverted) return;
    const auto asked = std::exchange(ix.route_asked, {});
    emit_at_routing_point(core, ix, MessageId::event_route_used, CallState::ok, to, asked.client,
                          asked.reference);
    emit_at_routing_point(core, ix, MessageId::event_diverted, CallState::ok, to);
    divert_virtual_queues(core, ix, to, by_target);
    ix.diverted = true;
}

void make_offer(Core& core, Interaction& ix, const Ring& ring) {
    if (ring.agent) end_reservation(core, ring.agent);  // only what its holder routes comes here
    Offer offer;
    offer.interaction = ix.id;
    offer.agent = ring.agent;
    offer.dn = ring.dn;
    offer.number = core.number_of(ring.dn);
    offer.target = ring.target;
    offer.made_at = core.now;
    offer.by_default = ring.redirected != nullptr ? ring.redirected->by_default : ring.request == nullptr;
    offer.slot = core.agents.take({ring.agent, ring.dn, ix.media, ix.id, false, ring.request == nullptr});
    begin_offer(core, ix, offer);
    if (ring.redirected == nullptr) attach_routing_keys(core, ix, offer, ring.request);
    Party& party = add_party(core, ix, PartyRole::agent, PartyEvent::ring, ring.dn, offer.number, ring.agent);
    party.slot = offer.slot;
    emit_at_party(core, ix, party, MessageId::event_ringing);
    if (ring.redirected == nullptr && diverts_on_ringing(core, ix))
        divert(core, ix, party.number, ring.request != nullptr);
    if (const auto endpoint = endpoint_of(core, ring.dn))
        open_leg(core, ix, party, *endpoint, messages::LegKind::session);
    if (ring.agent) refresh_agent(core, ring.agent);
}

void ring_dn(Core& core, Interaction& ix, DnId dn) {
    const agents::Seat* seat = core.agents.seat(dn);
    make_offer(core, ix, {seat == nullptr ? PersonId{} : seat->agent, dn, "dn:" + core.number_of(dn)});
}

void ring_external(Core& core, Interaction& ix, const External& external) {
    Offer offer;
    offer.interaction = ix.id;
    offer.number = external.number;
    offer.target = "dn:" + external.number;
    offer.made_at = core.now;
    offer.by_default = true;
    begin_offer(core, ix, offer);
    attach_routing_keys(core, ix, offer, nullptr);
    Party& party = add_party(core, ix, PartyRole::external, PartyEvent::ring, {}, external.number, {});
    if (diverts_on_ringing(core, ix)) divert(core, ix, party.number, false);
    open_leg(core, ix, party, external.place, messages::LegKind::pager);
}

void apply_no_answer_action(Core& core, DnId dn) {
    agents::Seat* seat = core.agents.seat(dn);
    if (seat == nullptr) return;
    const auto* login = core.config->login(seat->login);
    std::string action(login == nullptr
                           ? std::string_view{}
                           : model::option(login->object->options, "TServer", "no-answer-action"));
    if (action.empty()) action = core.dn_option(dn, "no-answer-action");
    // Who has sessions in hand there is not logged out of them: not ready, as RequestAgentLogout asks of him.
    if (action == "logout" && core.agents.slots_on(dn) > 0) action = "notready";
    if (action == "notready") {
        KvList list;
        list.add("ReasonCode", "no-answer");
        const auto reasons = std::make_shared<const KvList>(std::move(list));
        if (seat->before_unreachable) {  // then he is so when he returns
            seat->before_unreachable = agents::Standing{agents::AgentState::not_ready, 0, reasons, {}};
        } else if (move_agent(core, *seat, agents::AgentEvent::not_ready, seat->work_mode, reasons)) {
            emit_agent_state(core, *seat);
        }
        seat->before_acw.reset();
    } else if (action == "logout") {
        log_out(core, dn);
    }
}

Offer close_offer(Core& core, Interaction& ix, CallState state, const char* cause, ClientId asked,
                  messages::Integer reference, MessageId event) {
    Offer offer = *core.offers.take(std::exchange(ix.offer, OfferId{}));
    core.timers.cancel(offer.deadline);
    core.agents.give_back(offer.slot);
    if (Party* party = ix.agent_party()) {
        emit_at_party(core, ix, *party, event, state, asked, reference);
        remove_party(core, ix, party->id, cause);
    }
    return offer;
}

}  // namespace trunkline::flows
