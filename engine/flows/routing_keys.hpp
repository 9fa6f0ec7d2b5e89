// The keys that Universal Routing attaches when it has chosen (facts.md 3.6, with the values that its logs
// show).
#pragma once

#include "engine/flows/call_events.hpp"

namespace trunkline::flows {

/// Sets them in the interaction's user data. They are in tables route and decision already, so no rows of
/// userdata.
void attach_routing_keys(Core&, Interaction&, const routing::Offer&, const routing::RouteRequest*);

}  // namespace trunkline::flows
