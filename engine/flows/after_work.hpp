// What follows work: after-call work, then legal guard (the least rest between two sessions), then ready.
// Each of the two is a state of the seat with one timer that the seat owns; "untimed" after-call work has
// none.
#pragma once

#include "engine/flows/core.hpp"

namespace trunkline::flows {

/// A session of the agent at this DN ended: idle from now on; after-call work and legal guard where options
/// say so, unless he asked to be not ready while it lived.
void finish_work(Core&, PersonId, DnId at, DnId routing_point);

/// RequestAgentNotReady with AgentWorkMode 3: timed where wrap-up-time and timed-acw-in-idle say so, once
/// nothing is in hand. False where the state does not allow it.
[[nodiscard]] bool ask_for_after_call_work(Core&, agents::Seat&, std::int64_t work_mode,
                                           const SharedKv& reasons);

/// Ready, or first the legal rest that is still owed. The state only: the caller sends the event and
/// refreshes. False where the state does not allow it (in legal guard itself).
[[nodiscard]] bool become_ready(Core&, agents::Seat&, std::int64_t work_mode, const SharedKv& reasons);

/// Puts the seat back to where it stood; what has run out meanwhile is over.
void stand_again(Core&, agents::Seat&, const agents::Standing&);
[[nodiscard]] agents::Standing standing_of(const agents::Seat&);

/// The time of after-call work or of legal guard is over.
void on_rest_over(Core&, DnId);

}  // namespace trunkline::flows
