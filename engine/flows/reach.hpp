// Whether something hears a DN at which an agent sits. Not heard: he is offered nothing at once; after
// unreachable-timeout he is NotReady with the reason "unreachable"; when somebody hears the DN again he
// stands where he stood before. His live sessions are kept all the time.
#pragma once

#include "engine/flows/core.hpp"

namespace trunkline::flows {

/// The DN may have lost its last client.
void watch_reach(Core&, DnId);
/// Somebody hears the DN again; true where that changed its agent's state. The caller sends the event, after
/// the answer to the registration, and refreshes.
[[nodiscard]] bool reached_again(Core&, DnId);
void on_unreachable(Core&, DnId);

}  // namespace trunkline::flows
