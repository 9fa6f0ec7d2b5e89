// Routing at work: an interaction enters its queue, an agent is reserved, rings, answers or does not.
#pragma once

#include <span>

#include "engine/flows/call_events.hpp"

namespace trunkline::flows {

/// ix:route. Ends in answer_script(Routed or NotRouted), in this command or a later one.
void start_route(Core&, Interaction&, const routing::RouteRequest&);

/// Offers what waits longest to the agent at these DNs of his while he is able.
void match_agent(Core&, std::span<const DnId>);

/// RequestAnswerCall: the offer becomes an established party.
void answer_offer(Core&, Interaction&, ClientId asked, messages::Integer reference);
/// The agent sent the ringing session on: another DN rings, whoever sits there; the interaction keeps its
/// place where that one does not answer.
void redirect_offer(Core&, Interaction&, DnId to, ClientId asked, messages::Integer reference);
/// The agent did not answer, declined (RequestReleaseCall while ringing) or sent it back to its routing
/// point.
void refuse_offer(Core&, Interaction&, routing::OfferEnd, ClientId asked = {},
                  messages::Integer reference = {});
/// The customer left, or the engine takes the offer back; the interaction ends.
void withdraw_offer(Core&, Interaction&, ClientId asked, messages::Integer reference);

/// The route request ends without an agent: out of the queue, row, answer to the script.
void end_route(Core&, Interaction&, routing::RouteFailure);

void on_offer_deadline(Core&, OfferId);
void on_route_timeout(Core&, Interaction&);
void on_pass_over_ends(Core&, CallUuid);
void on_router_timeout(Core&, CallUuid);

/// The row of `route` for the request that ends now.
void record_route(Core&, const Interaction&, const char* result, const routing::Offer* = nullptr);

}  // namespace trunkline::flows
