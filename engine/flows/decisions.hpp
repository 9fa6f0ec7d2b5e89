// The record of every routing decision: who won by which figure, the next best, how many were ruled out by
// what.
#pragma once

#include "engine/flows/core.hpp"

namespace trunkline::flows {

void record_decision(Core&, const interactions::Interaction&, const routing::RouteRequest&,
                     const routing::Choice&);

}  // namespace trunkline::flows
