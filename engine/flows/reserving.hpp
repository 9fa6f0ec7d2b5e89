// Agents reserved by clients (RequestReserveAgent): nobody but the client who holds him offers such an agent
// anything. A reservation ends by its time, given back, taken over, with its client (or that client's
// registration of the DN), with the agent's log-out, or with the first offer of its client.
#pragma once

#include "engine/flows/core.hpp"

namespace trunkline::flows {

/// The longest reservation that is granted; a longer one is cut to it.
inline constexpr milliseconds longest_reservation{600'000};

/// Whoever sits at the DN is reserved by another client than this one; without a client: by any.
[[nodiscard]] bool reserved_from(const Core&, DnId, ClientId = {});
/// Where nobody holds the agent nothing happens. He is matched, and what is queued at his DNs rings, once the
/// command at hand is carried out.
void end_reservation(Core&, PersonId);
/// The client has gone, or does not hear this DN any more: what it holds by it ends.
void give_back_reservation(Core&, ClientId, DnId);
/// He logs out at this DN.
void reserved_agent_leaves(Core&, const agents::Seat&);
void on_reservation_over(Core&, PersonId);
/// The turn after the command, for each DN of an agent who was reserved until then.
void free_of_reservation(Core&, DnId);

}  // namespace trunkline::flows
