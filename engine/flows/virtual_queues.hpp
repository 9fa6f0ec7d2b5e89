// Virtual queues: membership for reports and for the clients that registered the queue's DN. Every stay has
// one row of queue_stay, closed exactly once; its events go queued, diverted (queued again where nobody
// answered), and in the end diverted or abandoned.
#pragma once

#include "engine/flows/call_events.hpp"
#include "engine/routing/route_request.hpp"

namespace trunkline::flows {

/// ix:queue and ix:dequeue; the error is a sentence for the script's author.
Result<void> enter_virtual_queue(Core&, Interaction&, std::string_view name);
Result<void> leave_virtual_queue(Core&, Interaction&, std::string_view name);

/// A route's `queue`: entered when its targets are queued. A name that the tenant does not have is logged.
void enter_queue_of_route(Core&, Interaction&, std::string_view name);
/// The route ended without an agent: what it had entered ends with it.
void leave_queue_of_route(Core&, Interaction&, routing::RouteFailure);

/// The DN `to` rings; `by_target`: chosen from targets, not by default routing or route_to.
void divert_virtual_queues(Core&, Interaction&, const std::string& to, bool by_target);
/// The DN that rang did not answer.
void queue_virtual_queues_again(Core&, Interaction&);
void virtual_queues_answered(Core&, Interaction&, bool by_target);
/// The interaction ends without having been answered.
void leave_virtual_queues(Core&, Interaction&, bool customer_left);

}  // namespace trunkline::flows
