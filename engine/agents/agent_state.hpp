// States of an agent at a DN and the table of their changes (facts: Genesys Events and Models, agent states
// and work modes). What the table does not list is refused and changes nothing.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace trunkline::agents {

enum class AgentState { logged_out, not_ready, ready, after_call_work, legal_guard };
enum class AgentEvent {
    log_in,
    log_in_ready,
    log_out,
    ready,
    not_ready,
    after_call_work,  // asked for by a client
    wrap_up,          // a session ended
    wrap_up_over,     // its time, or that of legal guard, is over
    rest,             // legal guard begins
};

struct AgentTransition {
    AgentState from;
    AgentEvent event;
    AgentState to;
};

inline constexpr std::array agent_transitions{
    AgentTransition{AgentState::logged_out, AgentEvent::log_in, AgentState::not_ready},
    AgentTransition{AgentState::logged_out, AgentEvent::log_in_ready, AgentState::ready},
    AgentTransition{AgentState::not_ready, AgentEvent::log_out, AgentState::logged_out},
    AgentTransition{AgentState::not_ready, AgentEvent::ready, AgentState::ready},
    AgentTransition{AgentState::not_ready, AgentEvent::not_ready, AgentState::not_ready},  // new reasons
    AgentTransition{AgentState::not_ready, AgentEvent::after_call_work, AgentState::after_call_work},
    AgentTransition{AgentState::not_ready, AgentEvent::wrap_up,
                    AgentState::not_ready},  // asked for while the session lived
    AgentTransition{AgentState::not_ready, AgentEvent::rest, AgentState::legal_guard},
    AgentTransition{AgentState::ready, AgentEvent::log_out, AgentState::logged_out},
    AgentTransition{AgentState::ready, AgentEvent::ready, AgentState::ready},  // answered by the event again
    AgentTransition{AgentState::ready, AgentEvent::not_ready, AgentState::not_ready},
    AgentTransition{AgentState::ready, AgentEvent::after_call_work, AgentState::after_call_work},
    AgentTransition{AgentState::ready, AgentEvent::wrap_up, AgentState::after_call_work},
    AgentTransition{AgentState::ready, AgentEvent::rest, AgentState::legal_guard},
    AgentTransition{AgentState::after_call_work, AgentEvent::log_out, AgentState::logged_out},
    AgentTransition{AgentState::after_call_work, AgentEvent::ready, AgentState::ready},
    AgentTransition{AgentState::after_call_work, AgentEvent::not_ready, AgentState::not_ready},
    AgentTransition{AgentState::after_call_work, AgentEvent::after_call_work, AgentState::after_call_work},
    AgentTransition{AgentState::after_call_work, AgentEvent::wrap_up, AgentState::after_call_work},
    AgentTransition{AgentState::after_call_work, AgentEvent::wrap_up_over, AgentState::ready},
    AgentTransition{AgentState::after_call_work, AgentEvent::rest, AgentState::legal_guard},
    AgentTransition{AgentState::legal_guard, AgentEvent::log_out, AgentState::logged_out},
    AgentTransition{AgentState::legal_guard, AgentEvent::not_ready, AgentState::not_ready},
    AgentTransition{AgentState::legal_guard, AgentEvent::wrap_up, AgentState::after_call_work},
    AgentTransition{AgentState::legal_guard, AgentEvent::wrap_up_over, AgentState::ready},
    AgentTransition{AgentState::legal_guard, AgentEvent::rest,
                    AgentState::legal_guard},  // another session ended
};

/// After-call work or legal guard: the agent is offered nothing, at none of his DNs.
[[nodiscard]] constexpr bool rests(AgentState state) {
    return state == AgentState::after_call_work || state == AgentState::legal_guard;
}

[[nodiscard]] constexpr std::optional<AgentState> next_state(AgentState from, AgentEvent event) {
    for (const AgentTransition& t : agent_transitions)
        if (t.from == from && t.event == event) return t.to;
    return std::nullopt;
}

/// As agent_state.state in reporting.
[[nodiscard]] constexpr std::string_view to_text(AgentState state) {
    switch (state) {
        case AgentState::ready:
            return "Ready";
        case AgentState::after_call_work:
            return "AfterCallWork";
        case AgentState::legal_guard:
            return "LegalGuard";
        case AgentState::not_ready:
            return "NotReady";
        case AgentState::logged_out:
            break;
    }
    return "LoggedOut";
}

}  // namespace trunkline::agents
