// What is known of the SIP endpoint of an agent's DN: the contact of its newest registration, and whether it
// answered when it was last asked. The engine asks while an agent is logged in there.
#pragma once

#include <string>

#include "engine/base/ids.hpp"

namespace trunkline::agents {

enum class EndpointState { unknown, answers, silent };

struct Endpoint {
    std::string bound;  // "" where nothing is registered
    std::string route;  // the way to what is registered: through a NAT, down a connection
    std::string asked;  // the address that `state` is about; "" while nobody asks
    EndpointState state = EndpointState::unknown;
    TimerId next;  // runs while an agent is logged in: the endpoint is asked again
};

}  // namespace trunkline::agents
