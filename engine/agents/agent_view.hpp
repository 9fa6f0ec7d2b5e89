// What a statistics function sees of an agent (contracts/lua-api.md, decided details): the function is pure,
// so that its answer holds until one of these fields changes.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/agents/load.hpp"
#include "engine/base/time.hpp"

namespace trunkline::agents {

/// Points into the configuration and the seat: valid for the call it is passed to.
struct AgentView {
    std::string_view user_name;
    const std::map<std::string, int>* skills = nullptr;  // name -> level; null where the agent has none
    Load load;
    std::string_view state;  // as in reporting.agent_state: "Ready", "Busy", ..
    TimePoint ready_since;
};

}  // namespace trunkline::agents
