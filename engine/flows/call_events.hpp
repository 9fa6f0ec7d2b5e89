// T-Library events about an interaction: the attributes that every one carries (contracts/t-library.md,
// Shape; event sequences in the contract's "Sessions"), and the pair of events that each text makes.
#pragma once

#include "engine/flows/core.hpp"

namespace trunkline::flows {

using interactions::Interaction;
using interactions::Party;

/// ConnID, CallUUID, CallID, CallType, CallState, MediaType, DNIS, ANI, OtherDN and UserData for one party's
/// view.
[[nodiscard]] messages::TMessage call_event(const Interaction&, messages::MessageId,
                                            const std::string& this_dn,
                                            messages::CallState = messages::CallState::ok);
/// An event at the routing point: ThisDN and ThisQueue are the same (facts.md 1.4).
void emit_at_routing_point(Core&, const Interaction&, messages::MessageId,
                           messages::CallState = messages::CallState::ok,
                           const std::string& third_party_dn = {}, ClientId asked = {},
                           messages::Integer reference = {});
/// The same with attributes of its own: `event` is one of routing_point_event.
[[nodiscard]] messages::TMessage routing_point_event(const Interaction&, messages::MessageId,
                                                     messages::CallState = messages::CallState::ok);
void emit_at_routing_point(Core&, const Interaction&, messages::TMessage event, ClientId asked = {},
                           messages::Integer reference = {});
/// An event at an agent's party, with ThisQueue and, where an agent sits there, AgentID.
void emit_at_party(Core&, const Interaction&, const Party&, messages::MessageId,
                   messages::CallState = messages::CallState::ok, ClientId asked = {},
                   messages::Integer reference = {});
/// EventUserEvent 2001 on gcti::im, then one EventPrivateInfo 3001 for each party that can read now. `sender`
/// is the DN or number that wrote; the sender's own copy carries `reference` to `asked`.
void emit_text(Core&, const Interaction&, const std::string& sender, const std::string& text,
               ClientId asked = {}, messages::Integer reference = {});
/// The same text for one party alone: an agent who was established after it came.
void emit_text_to(Core&, const Interaction&, const Party&, const std::string& sender, const std::string& text,
                  ClientId asked = {}, messages::Integer reference = {});
/// EventAttachedDataChanged to every party and the routing point.
void emit_data_changed(Core&, const Interaction&, ClientId asked = {}, messages::Integer reference = {},
                       DnId asked_at = {});

}  // namespace trunkline::flows
