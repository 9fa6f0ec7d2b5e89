#include "engine/flows/sessions.hpp"

#include <algorithm>

#include "engine/flows/after_work.hpp"
#include "engine/flows/agent_work.hpp"
#include "engine/flows/awaited_events.hpp"
#include "engine/flows/client_routing.hpp"
#include "engine/flows/direct_routing.hpp"
#include "engine/flows/leaving.hpp"
#include "engine/flows/offering.hpp"
#include "engine/flows/outside.hpp"
#include "engine/flows/party_legs.hpp"
#include "engine/flows/priorities.hpp"
#include "engine/flows/strategies.hpp"
#include "engine/flows/texts.hpp"
#include "engine/flows/virtual_queues.hpp"

namespace trunkline::flows {
namespace {

using interactions::PartyEvent;
using interactions::PartyRole;
using interactions::PartyState;
using interactions::Phase;
using interactions::ScriptWait;
using messages::MessageId;

void record_start(Core& core, const Interaction& ix) {
    records::InteractionStarted row;
    row.seq = core.ids.next_seq();
    row.id = ix.id;
    row.conn_id = to_conn_id_text(ix.conn_id);
    row.media = agents::to_text(ix.media);
    row.call_type = ix.call_type == messages::CallType::internal ? "internal" : "inbound";
    row.tenant = core.tenant_name(ix.tenant);
    row.switch_ = core.switch_name(ix.sw);
    row.routing_point = core.number_of(ix.routing_point);
    row.customer = ix.customer;
    row.dnis = ix.dnis;
    row.strategy = ix.strategy;
    if (ix.generation) row.generation = ix.generation.value();
    row.started_at = core.now;
    if (ix.parent) row.parent_id = ix.parent;
    if (ix.leg.kind == messages::LegKind::pager) {
        row.leg = ix.leg.key;
        row.leg_host = ix.host;
        row.leg_route = ix.leg.route;
    }
    core.record(std::move(row));
}

void record_queue_entry(Core& core, Interaction& ix) {
    records::QueueEntered row;
    row.seq = core.ids.next_seq();
    row.tenant = core.tenant_name(ix.tenant);
    row.switch_ = core.switch_name(ix.sw);
    row.queue = core.number_of(ix.routing_point);
    row.kind = "routing_point";
    row.interaction_id = ix.id;
    row.entered_at = core.now;
    ix.queue_row = row.seq;
    ix.queue_entered = core.now;
    core.record(std::move(row));
}

std::string outcome_of(const Interaction& ix, End how) {
    if (how == End::failed) return "failed";
    if (ix.answered) return ix.default_routed ? "default_routed" : "handled";
    return how == End::customer_left ? "abandoned" : "rejected";
}

const char* party_cause(const Interaction& ix, End how) {
    if (how == End::failed) return "failed";
    return how == End::customer_left && !ix.answered ? "abandoned" : "released";
}

void cancel_timers(Core& core, Interaction& ix) {
    core.timers.cancel(ix.idle);
    core.timers.cancel(ix.wait_timer);
    core.timers.cancel(ix.on_wait_timer);
    core.timers.cancel(ix.router_timer);
    core.timers.cancel(ix.pass_over_timer);
    forget_outside(core, ix, scripting::Strand::strategy);
    forget_outside(core, ix, scripting::Strand::on_wait);
    core.timers.cancel(ix.queued_timer);
    stop_priority_rise(core, ix);
    if (ix.client_treatment) core.timers.cancel(ix.client_treatment->timer);
}

void close_leg(Core& core, Interaction& ix, End how) {
    if (how == End::customer_left) return;
    if (ix.invite) {
        core.effect(messages::AnswerSession{ix.invite, ix.leg.key, 480});
        return;
    }
    core.effect(messages::EndLeg{ix.leg});
}

// The agent's side of the end: an offer is withdrawn, an established party is released.
void release_agents(Core& core, Interaction& ix, End how, ClientId asked, messages::Integer reference,
                    DnId asked_at) {
    if (ix.offer) withdraw_offer(core, ix, asked_at ? asked : ClientId{}, reference);
    while (Party* party = ix.agent_party()) {
        const bool own = party->dn == asked_at;
        emit_at_party(core, ix, *party, MessageId::event_released, messages::CallState::ok,
                      own ? asked : ClientId{}, own ? reference : messages::Integer{});
        const PersonId agent = party->agent;
        const DnId dn = party->dn;
        core.agents.give_back(party->slot);
        remove_party(core, ix, party->id, party_cause(ix, how));
        if (agent) finish_work(core, agent, dn, ix.routing_point);
    }
}

void leave_routing_point(Core& core, Interaction& ix, End how) {
    if (!ix.diverted) {
        const bool left = how == End::customer_left;
        emit_at_routing_point(core, ix, left ? MessageId::event_abandoned : MessageId::event_diverted,
                              left ? messages::CallState::abandoned : messages::CallState::cleared);
    }
    if (ix.queue_row) {
        core.record(records::QueueLeft{ix.queue_row, ix.queue_entered, core.now,
                                       how == End::customer_left ? "abandoned" : "cleared"});
        ix.queue_row = {};
    }
}

}  // namespace

std::variant<Interaction*, int> begin_interaction(Core& core, const Arrival& arrival) {
    if (core.draining) return 503;
    const model::SwitchEntry* sw = core.config ? core.config->switch_for_host(arrival.host) : nullptr;
    const model::DnEntry* dn = sw == nullptr ? nullptr : core.config->dn(sw->id, arrival.dnis);
    if (dn == nullptr || dn->leaving || dn->type != model::DnType::routing_point) return 404;
    const model::DnEntry* caller = core.config->dn(sw->id, arrival.ani);
    Interaction ix;
    ix.id = core.ids.next_uuid(core.now);
    ix.conn_id = core.ids.next_conn_id();
    ix.call_id = core.ids.next_call_id();
    ix.call_type = caller != nullptr ? messages::CallType::internal : messages::CallType::inbound;
    ix.tenant = dn->tenant;
    ix.sw = sw->id;
    ix.routing_point = dn->id;
    ix.dnis = arrival.dnis;
    ix.host = arrival.host;
    ix.customer = arrival.customer;
    ix.ani = arrival.ani;
    ix.parent = core.interactions.last_of(arrival.leg.key, core.now);
    ix.created = core.now;
    ix.user_data = std::make_shared<const KvList>();
    ix.leg = arrival.leg;
    ix.invite = arrival.invite;
    ix.last_text_at = core.now;
    ix.strategy = dn->object->strategy;
    if (!ix.strategy.empty()) ix.generation = core.generation;
    Interaction& added = core.interactions.add(std::move(ix));
    ++core.counters.interactions;
    record_start(core, added);
    add_party(core, added, PartyRole::customer, PartyEvent::connect, caller != nullptr ? caller->id : DnId{},
              added.ani, {});
    add_party(core, added, PartyRole::routing_point, PartyEvent::queue, dn->id, added.dnis, {});
    record_queue_entry(core, added);
    if (added.leg.kind == messages::LegKind::pager) {
        const double silence = core.dn_seconds(dn->id, "im-idle-timeout", 900);
        if (silence > 0)
            added.idle = core.timers.schedule(core.now + from_seconds(silence), SessionIdle{added.id});
    }
    emit_at_routing_point(core, added, MessageId::event_queued);
    emit_at_routing_point(core, added, MessageId::event_route_request);
    return &added;
}

void end_interaction(Core& core, CallUuid id, End how, ClientId asked, messages::Integer reference,
                     DnId asked_at) {
    Interaction* ix = core.interactions.find(id);
    if (ix == nullptr) return;
    keep_for_script(core, *ix);
    note_end_at(core, ix->routing_point, {});  // its party there may have gone long ago
    PersonId freed;
    DnId freed_dn;
    if (const Party* party = ix->agent_party()) {
        freed = party->agent;
        freed_dn = party->dn;
    }
    if (core.router.waits(id)) {
        record_route(core, *ix, how == End::customer_left ? "abandoned" : "no_target");
        core.router.remove(id, core.now);
    }
    core.router.forget(id);
    core.dn_queues.remove(id);
    release_agents(core, *ix, how, asked, reference, asked_at);
    leave_routing_point(core, *ix, how);
    leave_virtual_queues(core, *ix, how == End::customer_left);
    while (!ix->parties.empty()) remove_party(core, *ix, ix->parties.back().id, party_cause(*ix, how));
    close_leg(core, *ix, how);
    while (!ix->treatments.empty()) end_treatment(core, *ix, "abandoned", "");
    cancel_timers(core, *ix);
    records::InteractionEnded row;
    row.seq = core.ids.next_seq();
    row.id = id;
    row.started_at = ix->created;
    row.ended_at = core.now;
    row.outcome = outcome_of(*ix, how);
    core.record(std::move(row));
    refuse_route_asked(core, *ix, ErrorCode::call_disconnected,
                       "the session ended before the target answered");
    forget_awaited(core, id);
    const bool waits = ix->wait != ScriptWait::none;
    core.interactions.remove(id, core.now, core.now + closed_remembered);
    if (waits) core.answers.push_back(PendingAnswer{id, scripting::Abandoned{}});
    if (freed) refresh_agent(core, freed);
    if (freed_dn) {
        refresh_dn(core, freed_dn);  // somebody else may sit there by now
        ring_queued(core, freed_dn);
    }
}

void keep_for_script(Core& core, const Interaction& ix) {
    if (core.scripts->running(ix.id)) core.ended.try_emplace(ix.id, ix);
}

void accept_leg(Core& core, Interaction& ix) {
    if (!ix.invite) return;
    core.effect(messages::AnswerSession{std::exchange(ix.invite, SipTxnId{}), ix.leg.key, 200});
}

Party& add_party(Core& core, Interaction& ix, PartyRole role, PartyEvent event, DnId dn,
                 const std::string& number, PersonId agent) {
    Party party;
    party.id = PartyId(core.ids.next_seq().value());
    party.role = role;
    party.dn = dn;
    party.number = number;
    party.agent = agent;
    party.joined_at = core.now;
    if (event == PartyEvent::connect) party.answered_at = core.now;
    records::PartyJoined row;
    row.seq = Seq(party.id.value());
    row.id = party.id;
    row.interaction_id = ix.id;
    row.tenant = core.tenant_name(ix.tenant);
    row.switch_ = core.switch_name_of(dn, ix.sw);
    row.dn = number;
    row.agent = core.user_name(agent);
    row.role = interactions::to_text(role);
    row.joined_at = core.now;
    row.answered_at = party.answered_at;
    core.record(std::move(row));
    ix.parties.push_back(party);
    move_party(core, ix, ix.parties.back(), event);
    return ix.parties.back();
}

void move_party(Core& core, Interaction& ix, Party& party, PartyEvent event) {
    const auto to = interactions::next_state(party.state, event);
    if (!to) return;
    party.state = *to;
    records::PartyState row;
    row.seq = core.ids.next_seq();
    row.party_id = party.id;
    row.interaction_id = ix.id;
    row.tenant = core.tenant_name(ix.tenant);
    row.at = core.now;
    row.state = interactions::to_text(*to);
    core.record(std::move(row));
}

void remove_party(Core& core, Interaction& ix, PartyId id, const char* cause) {
    const auto found =
        std::find_if(ix.parties.begin(), ix.parties.end(), [&](const Party& p) { return p.id == id; });
    if (found == ix.parties.end()) return;
    close_leg(core, *found);
    move_party(core, ix, *found, PartyEvent::release);
    records::PartyLeft row;
    row.seq = core.ids.next_seq();
    row.id = id;
    row.joined_at = found->joined_at;
    row.left_at = core.now;
    row.cause = cause;
    if (found->answered_at) row.talk_s = to_seconds(core.now - *found->answered_at);
    row.hold_s = 0;
    core.record(std::move(row));
    note_end_at(core, found->dn, found->agent);
    ix.parties.erase(found);
}

void on_session_idle(Core& core, CallUuid id) {
    Interaction* ix = core.interactions.find(id);
    if (ix == nullptr) return;
    ix->idle = {};
    const Duration silence = from_seconds(core.dn_seconds(ix->routing_point, "im-idle-timeout", 900));
    if (silence.count() <= 0) return;
    // Texts only note their time; the timer moves here, once a silence.
    if (ix->last_text_at + silence > core.now) {
        ix->idle = core.timers.schedule(ix->last_text_at + silence, SessionIdle{id});
        return;
    }
    if (!ix->answered) send_failed_text(core, *ix);
    end_interaction(core, id, End::customer_left);
}

void on_leg_ended(Core& core, const messages::LegEnded& ended) {
    if (Interaction* ix = core.interactions.find_leg(ended.leg_key)) {
        ix->invite = {};
        end_interaction(core, ix->id, End::customer_left);
        return;
    }
    on_party_left(core, ended.leg_key);
}

void on_session_offered(Core& core, const messages::SessionOffered& offered) {
    const auto begun = begin_interaction(
        core, Arrival{offered.leg, offered.dnis, offered.host, offered.customer, offered.ani, offered.txn});
    if (const int* status = std::get_if<int>(&begun)) {
        core.effect(messages::AnswerSession{offered.txn, offered.leg.key, *status});
        return;
    }
    Interaction& ix = *std::get<Interaction*>(begun);
    core.effect(messages::AnswerSession{offered.txn, offered.leg.key, 180});
    start_strategy(core, ix);
}

}  // namespace trunkline::flows
