// Routing by a T-Library client: at a routing point without a strategy, or while a strategy waits in
// ix:route_by_client, clients of the routing point say where the interaction goes (RequestRouteCall) and what
// the customer hears meanwhile (RequestApplyTreatment). The handlers are declared in requests.hpp.
#pragma once

#include "engine/flows/call_events.hpp"

namespace trunkline::flows {

/// The routing point's clients may route it: it has no strategy, or its strategy waits for them.
[[nodiscard]] bool routed_by_clients(const Interaction&);
/// ix:route_by_client: asks the clients (EventRouteRequest) and waits.
void start_client_route(Core&, Interaction&, Duration timeout);
/// A routing point without a strategy: clients have router-timeout from now on.
void wait_for_clients(Core&, Interaction&);

/// The target of a client's route did not answer or declined: the routing point waits for a client again.
void client_route_failed(Core&, Interaction&);
/// The time of ix:route_by_client ran out.
void on_client_route_timeout(Core&, Interaction&);
/// RequestRouteCall that still waits for its EventRouteUsed gets EventError.
void refuse_route_asked(Core&, Interaction&, ErrorCode, const char* why);

/// Ends the treatment that waits for a text; `digits` is the text, "" where none came.
void end_client_treatment(Core&, Interaction&, const std::string& digits);
void on_treatment_over(Core&, CallUuid);

/// The DN that a request names as its destination, where it can ring now. Errors: 71 unknown, or no DN that
/// rings; 93 nobody hears it, or it is not to be disturbed; 1700 another client than `asker` has reserved its
/// agent; 91 too many ring there already.
[[nodiscard]] Result<DnId> ringing_destination(const Core&, const Interaction&, const std::string& number,
                                               ClientId asker);

}  // namespace trunkline::flows
