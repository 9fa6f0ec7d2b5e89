#include "engine/flows/after_work.hpp"

#include "engine/flows/agent_options.hpp"
#include "engine/flows/agent_work.hpp"

namespace trunkline::flows {
namespace {

using agents::AgentEvent;
using agents::AgentState;
using agents::Seat;
using agents::Standing;
using messages::WorkMode;

constexpr auto acw_mode = static_cast<std::int64_t>(WorkMode::after_call_work);
constexpr auto guard_mode =
    static_cast<std::int64_t>(WorkMode::auto_in);  // LegalGuard where the state is NotReady

// "untimed": after-call work lasts until the agent asks for another state (facts.md 2.3).
bool untimed(const Core& core, const Seat& seat, DnId routing_point) {
    return agent_option(core, seat, "wrap-up-time", routing_point) == "untimed";
}

void rest_until(Core& core, Seat& seat, TimePoint end) {
    core.timers.cancel(seat.rest);
    seat.rest_ends = end;
    seat.rest = core.timers.schedule(end, RestOver{seat.dn});
}

// When the rest that is owed after the last session ends; a time that has passed where none is.
TimePoint rest_owed_until(const Core& core, const Seat& seat) {
    const double guard = agent_seconds(core, seat, "legal-guard-time", 0);
    if (guard <= 0 || seat.work_ended == TimePoint{} || core.agents.established(seat.agent) > 0) return {};
    return seat.work_ended + from_seconds(guard);
}

bool enter_legal_guard(Core& core, Seat& seat, TimePoint end) {
    if (!move_agent(core, seat, AgentEvent::rest, guard_mode, nullptr)) return false;
    rest_until(core, seat, end);
    return true;
}

// After-call work of a session is work: the rest begins when it ends.
void end_of_after_call_work(Core& core, Seat& seat) {
    if (seat.state == AgentState::after_call_work && !seat.before_acw) seat.work_ended = core.now;
}

}  // namespace

void finish_work(Core& core, PersonId agent, DnId at, DnId routing_point) {
    for (const DnId dn : core.agents.seats_of(agent)) core.agents.seat(dn)->idle_since = core.now;
    Seat* seat = core.agents.seat(at);
    if (seat == nullptr || seat->agent != agent) return;
    seat->work_ended = core.now;
    seat->before_acw.reset();  // whatever he asked for before, this is after-call work of a session now
    const AgentState before = seat->state;
    const double seconds = agent_seconds(core, *seat, "wrap-up-time", 0, routing_point);
    const bool no_end = untimed(core, *seat, routing_point);
    if (before == AgentState::not_ready) return;
    if (seconds > 0 || no_end) {
        (void)move_agent(core, *seat, AgentEvent::wrap_up, acw_mode, nullptr);
        core.timers.cancel(seat->rest);
        seat->rest_ends = {};
        if (!no_end) rest_until(core, *seat, core.now + from_seconds(seconds));
    } else if (before == AgentState::after_call_work) {
        return;  // asked for during the session, and no level says for how long: he ends it
    } else if (const TimePoint end = rest_owed_until(core, *seat); end > core.now) {
        (void)enter_legal_guard(core, *seat, end);
    }
    if (before != seat->state) emit_agent_state(core, *seat);
}

bool ask_for_after_call_work(Core& core, Seat& seat, std::int64_t, const SharedKv& reasons) {
    const AgentState before = seat.state;
    const Standing stood = standing_of(seat);
    if (!move_agent(core, seat, AgentEvent::after_call_work, acw_mode, reasons)) return false;
    const bool idle = core.agents.established(seat.agent) == 0;
    const double seconds = agent_seconds(core, seat, "wrap-up-time", 0);
    if (before == AgentState::after_call_work) return true;  // new reasons; its time runs on
    if (idle) seat.before_acw = stood;
    if (idle && seconds > 0 && agent_flag(core, seat, "timed-acw-in-idle", true))
        rest_until(core, seat, core.now + from_seconds(seconds));
    return true;
}

bool become_ready(Core& core, Seat& seat, std::int64_t work_mode, const SharedKv& reasons) {
    if (!agents::next_state(seat.state, AgentEvent::ready)) return false;
    end_of_after_call_work(core, seat);
    seat.before_acw.reset();
    if (const TimePoint end = rest_owed_until(core, seat);
        end > core.now && seat.state != AgentState::ready && enter_legal_guard(core, seat, end))
        return true;
    (void)move_agent(core, seat, AgentEvent::ready, work_mode, reasons);
    return true;
}

Standing standing_of(const Seat& seat) { return {seat.state, seat.work_mode, seat.reasons, seat.rest_ends}; }

void stand_again(Core& core, Seat& seat, const Standing& stood) {
    if (stood.state == AgentState::ready) {
        (void)become_ready(core, seat, stood.work_mode, stood.reasons);
        return;
    }
    const AgentEvent event = stood.state == AgentState::after_call_work ? AgentEvent::after_call_work
                             : stood.state == AgentState::legal_guard   ? AgentEvent::rest
                                                                        : AgentEvent::not_ready;
    (void)move_agent(core, seat, event, stood.work_mode, stood.reasons);
    if (agents::rests(stood.state) && stood.rest_ends != TimePoint{})
        rest_until(core, seat, std::max(stood.rest_ends, core.now));
}

void on_rest_over(Core& core, DnId dn) {
    Seat* seat = core.agents.seat(dn);
    if (seat == nullptr) return;
    seat->rest = {};
    seat->rest_ends = {};
    const auto ready_mode = static_cast<std::int64_t>(WorkMode::manual_in);
    const bool back = seat->before_acw && !agent_flag(core, *seat, "acw-in-idle-force-ready", true);
    if (back && seat->before_acw->state == AgentState::not_ready) {
        const Standing stood = *std::exchange(seat->before_acw, std::nullopt);
        stand_again(core, *seat, stood);
    } else if (seat->state == AgentState::legal_guard) {
        (void)move_agent(core, *seat, AgentEvent::wrap_up_over, ready_mode, nullptr);
    } else {
        end_of_after_call_work(core, *seat);
        seat->before_acw.reset();
        const TimePoint end = rest_owed_until(core, *seat);
        if (end <= core.now || !enter_legal_guard(core, *seat, end))
            (void)move_agent(core, *seat, AgentEvent::wrap_up_over, ready_mode, nullptr);
    }
    emit_agent_state(core, *seat);
    refresh_agent(core, seat->agent);
}

}  // namespace trunkline::flows
