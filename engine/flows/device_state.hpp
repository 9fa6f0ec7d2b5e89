// What is at a DN now, as a client sees it that registers the DN or asks about it: the agent's state and the
// live interactions. Reads only.
#pragma once

#include "engine/flows/core.hpp"

namespace trunkline::flows {

/// T-Library's AddressType of a DN: 1 DN, 3 Queue, 4 RouteDN.
[[nodiscard]] std::int64_t address_type(const model::DnEntry&);
/// By ConnID, with State, OtherDN, DNIS, CallUUID and MediaType: what rings or is established at the DN; at a
/// routing point what is not diverted yet, the first 1,000.
[[nodiscard]] KvList calls_at(const Core&, const model::DnEntry&);
/// What a desktop needs to draw itself again: Extensions of EventRegistered.
[[nodiscard]] KvList device_state(const Core&, const model::DnEntry&);

}  // namespace trunkline::flows
