// on_wait: what a script plays to the customer while ix:route looks for an agent. Begun when nobody is able
// at once, cut short when an agent is reserved, begun anew when the interaction waits again. An error in it
// costs the treatment, never the wait.
#pragma once

#include "engine/flows/core.hpp"

namespace trunkline::flows {

using interactions::Interaction;

/// Has the busy treatment begun, left or ended when the command at hand is carried out, as the interaction
/// then stands.
void look_at_on_wait(Core&, const Interaction&);
/// An agent is reserved: this wait's treatment is over; the next wait has one of its own.
void agent_found(Core&, Interaction&);
/// Before the strategy goes on: what its busy treatment waits for is let go, and its <close> variables run.
void cut_on_wait_short(Core&, CallUuid);

}  // namespace trunkline::flows
