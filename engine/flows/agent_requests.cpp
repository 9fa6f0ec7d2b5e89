// Requests of a client about its DN and its agent: registration, log-in, ready, not ready, log-out.
#include "engine/flows/after_work.hpp"
#include "engine/flows/agent_work.hpp"
#include "engine/flows/device_state.hpp"
#include "engine/flows/endpoints.hpp"
#include "engine/flows/reach.hpp"
#include "engine/flows/requests.hpp"
#include "engine/flows/reserving.hpp"

namespace trunkline::flows {
namespace {

using agents::AgentEvent;
using agents::Seat;
using messages::MessageId;
using messages::WorkMode;

Seat* seat_of(Core& core, const Asked& asked) { return core.agents.seat(asked.dn->id); }

Error logged_out_error(const Asked& asked) {
    return Error{ErrorCode::logged_out,
                 "no agent is logged in on DN '" + asked.request.this_dn + "': RequestAgentLogin first"};
}

// While it is on nothing rings at the DN, not even what comes without selection; what rings already goes on.
Refusal set_do_not_disturb(Core& core, const Asked& asked, bool on) {
    Seat* seat = seat_of(core, asked);
    if (seat == nullptr)
        return Error{ErrorCode::not_logged_in, "no agent is logged in on DN '" + asked.request.this_dn + "'"};
    seat->do_not_disturb = on;
    emit_do_not_disturb(core, *seat, on, asked.client, asked.request.reference_id);
    refresh_agent(core, seat->agent);
    return std::nullopt;
}

using StateChange = bool (*)(Core&, Seat&, std::int64_t work_mode, const SharedKv& reasons);

Refusal change_state(Core& core, const Asked& asked, StateChange change, std::int64_t work_mode) {
    Seat* seat = seat_of(core, asked);
    if (seat == nullptr) return logged_out_error(asked);
    if (seat->before_unreachable)  // what he was is kept for his return
        return Error{ErrorCode::wrong_device_state,
                     "the SIP endpoint of DN '" + asked.request.this_dn +
                         "' does not answer: its agent is not ready until it does"};
    if (!change(core, *seat, work_mode, asked.request.reasons))
        return Error{ErrorCode::wrong_device_state, std::string("the agent is in state ") +
                                                        std::string(agents::to_text(seat->state)) +
                                                        ", which does not allow this now"};
    emit_agent_state(core, *seat, asked.client, asked.request.reference_id);
    refresh_agent(core, seat->agent);
    return std::nullopt;
}

bool go_not_ready(Core& core, Seat& seat, std::int64_t work_mode, const SharedKv& reasons) {
    if (!move_agent(core, seat, AgentEvent::not_ready, work_mode, reasons)) return false;
    seat.before_acw.reset();
    return true;
}

void open_session_row(Core& core, Seat& seat, const model::DnEntry& dn) {
    records::AgentSessionOpened row;
    row.seq = core.ids.next_seq();
    row.tenant = core.tenant_name(seat.tenant);
    row.switch_ = core.switch_name(dn.sw);
    row.agent = core.user_name(seat.agent);
    row.dn = dn.object->number;
    row.place = core.place_name(seat.place);
    row.logged_in_at = core.now;
    seat.session_row = row.seq;
    seat.session_started = core.now;
    core.record(std::move(row));
}

Refusal may_log_in(Core& core, const Asked& asked, const model::LoginEntry* login) {
    const auto& request = asked.request;
    if (request.agent_id.empty())
        return Error{ErrorCode::bad_attribute, "attribute 'AgentID' is missing: the code of an Agent Login"};
    if (login == nullptr || !login->person)
        return Error{ErrorCode::invalid_agent_id,
                     "agent id '" + request.agent_id + "' is no Agent Login of a person of this switch"};
    if (asked.dn->type != model::DnType::extension && asked.dn->type != model::DnType::acd_position)
        return Error{ErrorCode::wrong_device_state, "DN '" + request.this_dn + "' is a " +
                                                        std::string(model::to_text(asked.dn->type)) +
                                                        ": agents log in on an Extension or an ACDPosition"};
    if (asked.password == messages::PasswordCheck::wrong ||
        asked.password == messages::PasswordCheck::missing)
        return Error{ErrorCode::bad_password, "the password is wrong or missing"};
    const Seat* taken = core.agents.seat(asked.dn->id);
    if (taken != nullptr)
        return Error{
            taken->agent == login->person ? ErrorCode::already_logged_in : ErrorCode::wrong_device_state,
            taken->agent == login->person
                ? "this agent is already logged in on DN '" + request.this_dn + "'"
                : "another agent is logged in on DN '" + request.this_dn + "': log out first"};
    for (const DnId other : core.agents.seats_of(login->person)) {
        const Seat& seat = *core.agents.seat(other);
        if (!asked.dn->place || seat.place != asked.dn->place)
            return Error{ErrorCode::agent_active_elsewhere,
                         "the agent is active on DN '" + core.number_of(other) + "' of another place"};
    }
    return std::nullopt;
}

}  // namespace

Refusal register_address(Core& core, const Asked& asked) {
    const auto& request = asked.request;
    if (request.this_dn.empty()) return Error{ErrorCode::bad_attribute, "attribute 'ThisDN' is missing"};
    messages::TMessage event;
    event.message = MessageId::event_registered;
    event.this_dn = request.this_dn;
    event.reference_id = request.reference_id;
    if (request.this_dn == messages::im_monitor_dn) {
        core.devices.monitor_texts(asked.client, true);
        core.emit(std::move(event), {asked.client});
        return std::nullopt;
    }
    const model::DnEntry* dn = core.config->dn(asked.sender.sw, request.this_dn);
    if (dn == nullptr)
        return Error{ErrorCode::dn_not_configured,
                     "DN '" + request.this_dn + "' is not in the configuration of this switch"};
    core.devices.register_dn(asked.client, dn->id);
    const bool stands_again = reached_again(core, dn->id);
    event.address_type = address_type(*dn);
    event.extensions = std::make_shared<const KvList>(device_state(core, *dn));
    core.emit(std::move(event), {asked.client});
    if (stands_again) {
        const Seat& seat = *core.agents.seat(dn->id);
        emit_agent_state(core, seat);
        refresh_agent(core, seat.agent);  // what he returned to counts at his other DNs too
    }
    refresh_dn(core, dn->id);
    return std::nullopt;
}

Refusal unregister_address(Core& core, const Asked& asked) {
    messages::TMessage event;
    event.message = MessageId::event_unregistered;
    event.this_dn = asked.request.this_dn;
    event.reference_id = asked.request.reference_id;
    if (asked.request.this_dn == messages::im_monitor_dn) {
        if (!asked.sender.monitors_texts) return not_registered(asked);
        core.devices.monitor_texts(asked.client, false);
        core.emit(std::move(event), {asked.client});
        return std::nullopt;
    }
    const auto registered = registered_dn(core, asked);
    if (!registered) return registered.error();
    const DnId dn = (*registered)->id;
    core.devices.unregister_dn(asked.client, dn);
    core.emit(std::move(event), {asked.client});
    give_back_reservation(core, asked.client, dn);
    watch_reach(core, dn);
    refresh_dn(core, dn);
    return std::nullopt;
}

Refusal agent_login(Core& core, const Asked& asked) {
    const model::LoginEntry* login = core.config->login(asked.sender.sw, asked.request.agent_id);
    if (login != nullptr && login->leaving) login = nullptr;
    if (asked.dn->leaving)
        return Error{ErrorCode::dn_not_configured,
                     "DN '" + asked.request.this_dn +
                         "' is not in the configuration any more: what goes on there "
                         "may end, nothing begins"};
    if (!asked.request.this_queue.empty() &&
        core.config->dn(asked.sender.sw, asked.request.this_queue) == nullptr)
        return Error{ErrorCode::dn_not_configured, "ThisQueue '" + asked.request.this_queue +
                                                       "' is not in the configuration of this switch"};
    if (Refusal refusal = may_log_in(core, asked, login)) return refusal;
    const std::int64_t mode = asked.request.agent_work_mode.value_or(0);
    Seat seat;
    seat.agent = login->person;
    seat.dn = asked.dn->id;
    seat.login = login->id;
    seat.place = asked.dn->place;
    seat.tenant = asked.dn->tenant;
    if (const auto* person = core.config->person(login->person))
        seat.prefix = "[" + login->object->code + "/" + person->object->employee_id + "] ";
    if (const auto* queue = core.config->dn(asked.sender.sw, asked.request.this_queue);
        queue != nullptr && routing::TargetMatch::is_queue(*queue))
        seat.queue = queue->id;
    seat.work_mode = mode;
    seat.reasons = asked.request.reasons;
    seat.since = core.now;
    seat.idle_since = core.now;
    Seat& added = core.agents.log_in(std::move(seat));
    open_session_row(core, added, *asked.dn);
    core.router.add_seat(added);
    messages::TMessage event;
    event.message = MessageId::event_agent_login;
    event.this_dn = asked.dn->object->number;
    event.this_queue = asked.request.this_queue;
    event.agent_id = login->object->code;
    event.agent_work_mode = mode;
    event.place = core.place_name(added.place);
    core.emit_to(asked.dn->id, std::move(event), asked.client, asked.request.reference_id);
    (void)move_agent(
        core, added,
        mode == static_cast<int>(WorkMode::auto_in) ? AgentEvent::log_in_ready : AgentEvent::log_in);
    emit_agent_state(core, added);
    const PersonId agent = added.agent;
    if (endpoint_of(core, asked.dn->id)) watch_endpoint(core, asked.dn->id);
    refresh_agent(core, agent);
    return std::nullopt;
}

Refusal agent_logout(Core& core, const Asked& asked) {
    const Seat* seat = seat_of(core, asked);
    if (seat == nullptr)
        return Error{ErrorCode::not_logged_in, "no agent is logged in on DN '" + asked.request.this_dn + "'"};
    if (core.agents.slots_on(asked.dn->id) > 0)
        return Error{ErrorCode::wrong_device_state,
                     "DN '" + asked.request.this_dn + "' has live sessions: release them first"};
    const PersonId agent = seat->agent;
    log_out(core, asked.dn->id, asked.client, asked.request.reference_id);
    refresh_agent(core, agent);
    return std::nullopt;
}

Refusal agent_ready(Core& core, const Asked& asked) {
    return change_state(core, asked, become_ready,
                        asked.request.agent_work_mode.value_or(static_cast<int>(WorkMode::manual_in)));
}

Refusal agent_not_ready(Core& core, const Asked& asked) {
    const std::int64_t mode = asked.request.agent_work_mode.value_or(0);
    // LegalGuard cannot be asked for by a client (facts.md 2.3).
    if (mode == static_cast<int>(WorkMode::auto_in))
        return Error{ErrorCode::bad_attribute, "AgentWorkMode 2 (LegalGuard) cannot be requested"};
    const bool after_call_work = mode == static_cast<int>(WorkMode::after_call_work);
    return change_state(core, asked, after_call_work ? ask_for_after_call_work : go_not_ready, mode);
}

Refusal set_dnd_on(Core& core, const Asked& asked) { return set_do_not_disturb(core, asked, true); }
Refusal set_dnd_off(Core& core, const Asked& asked) { return set_do_not_disturb(core, asked, false); }

}  // namespace trunkline::flows
