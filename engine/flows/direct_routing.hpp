// Routing without selection: default routing and route_to ring one DN whatever its agent's state and capacity
// (a `forced` slot). At most three ring there at once; the others queue in order until one of them ends.
#pragma once

#include "engine/flows/call_events.hpp"

namespace trunkline::flows {

/// ix:route_to and default_route. `destination` "" is default-dn.
void start_route_to(Core&, Interaction&, const std::string& destination);
/// The server's own default routing, after a strategy that did not route. Ends the interaction where it
/// fails.
void default_route(Core&, Interaction&);
/// The DN did not answer or declined: the script hears of it, or the interaction fails.
void direct_route_failed(Core&, Interaction&, routing::RouteFailure);

/// Fewer ring at the DN than before: whoever is queued there.
void ring_queued(Core&, DnId);
void on_queued_too_long(Core&, CallUuid);

}  // namespace trunkline::flows
