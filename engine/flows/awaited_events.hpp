// ix:suspend_for_event: a script waits for one kind of T-Library event about its interaction. Every event
// passes Core::emit, whether a client listens or not; here it meets who waits for it.
#pragma once

#include "engine/flows/core.hpp"

namespace trunkline::flows {

/// From now on; the wait that begins here ends in answer_script with the event, at its timeout or with the
/// interaction.
void await_event(Core&, CallUuid, scripting::Strand, const scripting::WaitForEvent&);
/// The wait is over, whatever ended it.
void forget_awaited(Core&, CallUuid);
/// Answers the script where this is the event that it waits for.
void tell_script(Core&, const messages::TMessage&);

}  // namespace trunkline::flows
