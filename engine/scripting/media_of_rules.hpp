// Which capacity rules ever allow a medium, asked without an engine: for the warning of an agent who would
// wait for chats that never come. Any thread; a rule that does not load allows nothing.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "engine/scripting/host.hpp"

namespace trunkline::scripting {

/// Names of the rules among the sources that allow one more of `media` ("chat", "voice") at some small load.
[[nodiscard]] std::set<std::string> rules_that_allow(std::string_view media, const ScriptSources&,
                                                     const Budgets&);

}  // namespace trunkline::scripting
