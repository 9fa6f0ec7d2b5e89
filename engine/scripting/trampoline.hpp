// The one way from Lua into C++. Three facts of Lua's C++ build rest here (tests: Trampoline.*): a
// std::exception that left a binding would reach pcall without any message, so it becomes a Lua error with
// file and line; Lua's own throw is no std::exception and passes; destructors run on both ways. No binding
// catches (...).
#pragma once

#include <exception>
#include <lua.hpp>
#include <stdexcept>
#include <string>

#include "engine/scripting/binding.hpp"

namespace trunkline::scripting {

/// The caller's "file:line: " before `what`, as the error value on top of the stack.
void push_error(lua_State* L, const char* what);
/// Throws where the binding may not be called here: outside a strategy, or waiting where Lua cannot wait.
void check_context(const Call& call);

template <int (*Function)(Call&)>
int trampoline(lua_State* L) {
    try {
        Call call(L);
        check_context(call);
        return Function(call);
    } catch (const std::exception& error) {
        push_error(L, error.what());
    }
    return lua_error(L);
}

/// The same for what goes on after a wait.
template <int (*Function)(Call&, int status)>
int continuation(lua_State* L, int status, lua_KContext) {
    try {
        Call call(L);
        return Function(call, status);
    } catch (const std::exception& error) {
        push_error(L, error.what());
    }
    return lua_error(L);
}

}  // namespace trunkline::scripting
