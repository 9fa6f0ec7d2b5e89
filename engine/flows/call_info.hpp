// Who is in a session, told to every agent DN in it whenever that changes: EventUserEvent with LCTParty1 and
// so on in its Extensions. Option sip-enable-call-info of the switch, true where it says nothing.
#pragma once

#include "engine/flows/call_events.hpp"

namespace trunkline::flows {

void tell_parties(Core&, const Interaction&);

}  // namespace trunkline::flows
