// What a run's coroutine executes: the strategy's file anew, then the function that it gave. Called by
// Lua, so errors are Lua's.
#pragma once

#include <lua.hpp>

#include "engine/scripting/host.hpp"

namespace trunkline::scripting {

/// Runs the strategy of the current RunState: its function, or `default` after a failure.
int run_strategy(lua_State* L);
/// Runs the busy treatment of the current RunState.
int run_on_wait(lua_State* L);

}  // namespace trunkline::scripting
