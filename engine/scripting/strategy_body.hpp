// What a run's coroutine executes: the strategy's file anew, then the function that it gave. And the table of
// an agent's load as capacity rules see it. Called by Lua, so errors are Lua's.
#pragma once

#include <lua.hpp>

#include "engine/scripting/host.hpp"

namespace trunkline::scripting {

/// Runs the strategy of the current RunState: its function, or `default` after a failure.
int run_strategy(lua_State* L);
/// Runs the busy treatment of the current RunState.
int run_on_wait(lua_State* L);
void push_load(lua_State* L, const Load& load);

}  // namespace trunkline::scripting
