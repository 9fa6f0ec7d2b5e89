#include "engine/flows/agent_work.hpp"

#include <algorithm>

#include "engine/flows/endpoints.hpp"
#include "engine/flows/offering.hpp"
#include "engine/flows/reserving.hpp"

namespace trunkline::flows {
namespace {

using agents::AgentEvent;
using agents::AgentState;
using agents::Seat;
using messages::MessageId;
using routing::Ability;

// After-call work and legal guard are the agent's, not his DN's: he rests at all of them.
bool rests_anywhere(const Core& core, PersonId agent) {
    const std::vector<DnId>& dns = core.agents.seats_of(agent);
    return std::any_of(dns.begin(), dns.end(),
                       [&](DnId dn) { return agents::rests(core.agents.seat(dn)->state); });
}

Ability ability_of(Core& core, const Seat& seat) {
    const model::DnEntry* dn = core.config->dn(seat.dn);
    const model::PersonEntry* person = core.config->person(seat.agent);
    if (dn == nullptr || dn->leaving || person == nullptr || person->leaving || !dn->multimedia)
        return Ability::wrong_media;
    if (!reachable(core, seat.dn)) return Ability::unreachable;
    if (seat.do_not_disturb) return Ability::do_not_disturb;
    if (seat.state != AgentState::ready || rests_anywhere(core, seat.agent)) return Ability::not_ready;
    if (core.reservations.of(seat.agent) != nullptr) return Ability::reserved;
    const std::string_view rule = core.config->capacity_script(seat.agent, seat.place);
    return core.capacity.allows(rule, core.agents.load(seat.agent), agents::Media::chat)
               ? Ability::able
               : Ability::at_capacity;
}

std::string reasons_json(const SharedKv& reasons) {
    std::string text;
    if (reasons && !reasons->empty()) append_json(text, *reasons);
    return text;
}

// Busy while an established interaction is in hand, whatever the state will be afterwards.
std::string_view reported_state(const Core& core, const Seat& seat) {
    return core.agents.established(seat.agent) > 0 ? "Busy" : agents::to_text(seat.state);
}

void refresh_seat(Core& core, DnId dn) {
    const Seat* seat = core.agents.seat(dn);
    if (seat == nullptr) return;
    core.router.set_standing(
        dn, {ability_of(core, *seat), core.agents.load(seat->agent), seat->idle_since,
             reported_state(core, *seat), seat->state == AgentState::ready ? seat->since : TimePoint{}});
}

}  // namespace

void refresh_agent(Core& core, PersonId agent) {
    const std::vector<DnId> seats = core.agents.seats_of(agent);  // a copy: matching may change the list
    for (const DnId dn : seats)
        if (has_left(core, *core.config, *core.agents.seat(dn))) log_out(core, dn);
    for (const DnId dn : seats) refresh_seat(core, dn);
    for (const DnId dn : seats)
        if (Seat* seat = core.agents.seat(dn)) update_state_row(core, *seat);
    match_agent(core, seats);  // all at once: who waits longest gets him, whichever of them he waits for
}

void refresh_abilities(Core& core, PersonId agent) {
    for (const DnId dn : core.agents.seats_of(agent)) refresh_seat(core, dn);
}

void refresh_dn(Core& core, DnId dn) {
    if (const Seat* seat = core.agents.seat(dn); seat != nullptr && has_left(core, *core.config, *seat))
        log_out(core, dn);
    refresh_seat(core, dn);
    match_agent(core, {&dn, 1});
}

bool ability_is_stale(Core& core, const Seat& seat) {
    return core.router.ability(seat.dn) != ability_of(core, seat);
}

void refresh_everybody(Core& core) {
    std::vector<DnId> seats;
    for (const auto& [dn, seat] : core.agents.seats()) seats.push_back(dn);
    for (const DnId dn : seats) refresh_seat(core, dn);
    for (const DnId dn : seats)
        if (const Seat* seat = core.agents.seat(dn))
            match_agent(core, std::vector<DnId>(core.agents.seats_of(seat->agent)));
}

std::optional<AgentState> move_agent(Core& core, Seat& seat, AgentEvent event) {
    const auto to = agents::next_state(seat.state, event);
    if (!to) return std::nullopt;
    if (agents::rests(seat.state) && seat.state != *to) {
        core.timers.cancel(seat.rest);
        seat.rest_ends = {};
    }
    if (seat.state != *to) {
        seat.since = core.now;
        if (*to == AgentState::ready) seat.idle_since = core.now;
    }
    seat.state = *to;
    update_state_row(core, seat);
    return to;
}

std::optional<AgentState> move_agent(Core& core, Seat& seat, AgentEvent event, std::int64_t work_mode,
                                     SharedKv reasons) {
    if (!agents::next_state(seat.state, event)) return std::nullopt;
    seat.work_mode = work_mode;
    seat.reasons = std::move(reasons);
    return move_agent(core, seat, event);
}

void emit_agent_state(Core& core, const Seat& seat, ClientId asked, messages::Integer reference) {
    messages::TMessage event;
    event.message =
        seat.state == AgentState::ready ? MessageId::event_agent_ready : MessageId::event_agent_not_ready;
    event.this_dn = core.number_of(seat.dn);
    if (const auto* login = core.config->login(seat.login)) event.agent_id = login->object->code;
    event.agent_work_mode = seat.work_mode;
    event.reasons = seat.reasons;
    core.emit_to(seat.dn, std::move(event), asked, reference);
}

void emit_do_not_disturb(Core& core, const Seat& seat, bool on, ClientId asked, messages::Integer reference) {
    messages::TMessage event;
    event.message = on ? MessageId::event_dnd_on : MessageId::event_dnd_off;
    event.this_dn = core.number_of(seat.dn);
    if (const auto* login = core.config->login(seat.login)) event.agent_id = login->object->code;
    core.emit_to(seat.dn, std::move(event), asked, reference);
}

void close_state_row(Core& core, Seat& seat) {
    if (!seat.state_row) return;
    core.record(records::AgentStateLeft{seat.state_row, seat.state_row_started, core.now});
    seat.state_row = {};
    seat.state_row_text.clear();
}

void update_state_row(Core& core, Seat& seat) {
    const std::string_view state = reported_state(core, seat);
    const std::string reasons = reasons_json(seat.reasons);
    std::string text = std::string(state) + '/' + std::to_string(seat.work_mode) + '/' + reasons;
    if (text == seat.state_row_text) return;
    close_state_row(core, seat);
    const model::DnEntry* dn = core.config->dn(seat.dn);
    records::AgentStateEntered row;
    row.seq = core.ids.next_seq();
    row.session_id = seat.session_row;
    row.tenant = core.tenant_name(seat.tenant);
    row.switch_ = dn == nullptr ? std::string{} : core.switch_name(dn->sw);
    row.agent = core.user_name(seat.agent);
    row.dn = core.number_of(seat.dn);
    row.media = dn != nullptr && dn->multimedia ? "chat" : "voice";
    row.state = state;
    row.work_mode = std::to_string(seat.work_mode);
    row.reasons.is = reasons;
    row.started_at = core.now;
    seat.state_row = row.seq;
    seat.state_row_started = core.now;
    seat.state_row_text = std::move(text);
    core.record(std::move(row));
}

bool has_left(const Core& core, const model::Snapshot& config, const Seat& seat) {
    const auto stays = [](const auto* entry) { return entry != nullptr && !entry->leaving; };
    const bool known =
        stays(config.dn(seat.dn)) && stays(config.person(seat.agent)) && stays(config.login(seat.login));
    return !known && core.agents.slots_on(seat.dn) == 0;
}

void log_out(Core& core, DnId dn, ClientId asked, messages::Integer reference) {
    Seat* seat = core.agents.seat(dn);
    if (seat == nullptr) return;
    core.timers.cancel(seat->rest);
    core.timers.cancel(seat->unreachable);
    forget_endpoint(core, dn);
    reserved_agent_leaves(core, *seat);
    if (seat->do_not_disturb) emit_do_not_disturb(core, *seat, false);
    close_state_row(core, *seat);
    core.record(records::AgentSessionClosed{seat->session_row, seat->session_started, core.now});
    messages::TMessage event;
    event.message = MessageId::event_agent_logout;
    event.this_dn = core.number_of(dn);
    if (const auto* login = core.config->login(seat->login)) event.agent_id = login->object->code;
    core.emit_to(dn, std::move(event), asked, reference);
    core.router.remove_seat(dn);
    core.agents.log_out(dn);
}

}  // namespace trunkline::flows
