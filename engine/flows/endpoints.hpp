// The SIP endpoints of agents' DNs: where they are and whether anybody answers there. A DN with option
// sip-signaling-chat true (the default) and a contact, or a registration, has one: its texts go over SIP, and
// it is reachable while the endpoint answers. A DN without one is reached by T-Library alone.
#pragma once

#include "engine/flows/party_legs.hpp"

namespace trunkline::flows {

/// Option `contact`, else the newest registration; none where the DN has no endpoint.
[[nodiscard]] std::optional<SipPlace> endpoint_of(const Core&, DnId);
/// Whether anything carries texts to the DN now: the endpoint, where it has one, else a registered client.
[[nodiscard]] bool reachable(const Core&, DnId);
/// The same for ringing a DN where no agent need be: an endpoint that nobody has asked yet may answer.
[[nodiscard]] bool may_answer(const Core&, DnId);

/// An agent has logged in, or what the DN's endpoint is may have changed: asks it at once, and again from
/// time to time.
void watch_endpoint(Core&, DnId);
/// The agent logs out.
void forget_endpoint(Core&, DnId);
/// The configuration has changed: registrations of DNs that it no longer has are nobody's.
void forget_endpoints_of_gone_dns(Core&);

void on_endpoint_due(Core&, DnId);
void on_endpoint_probed(Core&, const messages::EndpointProbed&);
void on_endpoint_bound(Core&, const messages::EndpointBound&);

}  // namespace trunkline::flows
