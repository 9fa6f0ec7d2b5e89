// From a Lua error value to a ScriptError: file, line and one sentence for a person.
#pragma once

#include <lua.hpp>
#include <string>

#include "engine/scripting/generation.hpp"
#include "engine/scripting/port.hpp"

namespace trunkline::scripting {

/// The error value on top of `thread` (which is not popped), raised while `thread` ran; before its stack is
/// unwound. `fallback_file` is named where neither the value nor the stack tells a place. Raises no Lua
/// error.
[[nodiscard]] ScriptError error_of(lua_State* thread, int status, const std::string& fallback_file);

/// A script that the budget ended.
[[nodiscard]] ScriptError budget_error(const BuiltGeneration& generation, const std::string& fallback_file);

}  // namespace trunkline::scripting
