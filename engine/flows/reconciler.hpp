// Every busy state points to a live cause: a slot to an offer or a party, an offer to its deadline, rest to
// its timer, a waiting interaction to what will move it. The flows keep that true; should one fail, the sweep
// ends what lost its cause, says so in the log (log_event 40110) and counts it. It runs each minute while
// anything lives, a bounded slice at a time, so that its cost is never felt.
#pragma once

#include "engine/flows/core.hpp"

namespace trunkline::flows {

/// After each command: the timer runs while anything lives.
void arm_sweep(Core&);
void on_sweep_due(Core&);

}  // namespace trunkline::flows
