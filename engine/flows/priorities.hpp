// Priorities of what waits: set, and growing by a timer of the interaction's own. Each step is a re-key of
// one entry, never a scan.
#pragma once

#include "engine/flows/core.hpp"

namespace trunkline::flows {

void set_priority(Core&, interactions::Interaction&, int priority);
/// From now on `by` more after each `every`, until `limit`; takes the place of the rise before. A `by` or an
/// `every` that moves nothing ends it.
void raise_priority(Core&, interactions::Interaction&, int by, Duration every, int limit);
void stop_priority_rise(Core&, interactions::Interaction&);
void on_priority_due(Core&, CallUuid);

}  // namespace trunkline::flows
