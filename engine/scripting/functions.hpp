// Functions without an interaction: capacity rules and statistics. Each is pure, may spend what loading may,
// and sees a read-only view of its question. An error is an answer ("no") with its reason, never more. Engine
// thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/agents/agent_view.hpp"
#include "engine/scripting/generation.hpp"

namespace trunkline::scripting {

void push_load(lua_State* L, const Load& load);
/// A skill that the agent lacks reads 0.
void push_agent_view(lua_State* L, const agents::AgentView& view);

/// False where the rule says so, fails or does not exist; `error` then says why where it failed.
[[nodiscard]] bool ask_capacity(BuiltGeneration&, EnginePort&, std::string_view name, const Load&,
                                std::string_view media, std::string* error);
/// The function at `reference` of the registry, charged to `account`; none for an error or no number.
[[nodiscard]] std::optional<double> ask_figure(BuiltGeneration&, EnginePort&, int reference, Account,
                                               const std::string& file, const agents::AgentView&,
                                               std::string* error);

}  // namespace trunkline::scripting
