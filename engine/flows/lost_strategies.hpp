// Strategies that are ended from outside: their generation is the ninth, or the scripts' memory is full and
// theirs is the largest share. The interaction goes on without: to its strategy's `default`, else to default
// routing; one that an agent already has, or whose agent rings, stays with him.
#pragma once

#include "engine/flows/call_events.hpp"

namespace trunkline::flows {

/// Gives up the runs of generations beyond the eighth. What their `default` does up to its first wait counts;
/// there the generation is freed, and the interaction goes to default routing.
void retire_old_generations(Core&);
/// Gives up the largest runs until no generation is over its limit.
void end_largest_strategies(Core&);

}  // namespace trunkline::flows
