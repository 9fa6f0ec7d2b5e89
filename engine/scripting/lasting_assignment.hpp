// Finds what would let one interaction see what another did: a function that all of them share and that
// assigns a variable which outlives its call. Reads the function's byte code (lua_dump), for Lua has no way
// to make a local variable constant after the fact. Pure; any thread; memory is the size of the byte code.
#pragma once

#include <cstddef>
#include <lua.hpp>
#include <optional>
#include <string>

namespace trunkline::scripting {

struct LastingAssignment {
    std::string file, variable;
    int line = 0;
};

enum class CodeRead {
    whole,
    unknown_format,  // a Lua whose byte code differs from 5.4's
};

struct AssignmentSearch {
    CodeRead read = CodeRead::whole;
    std::size_t bytes = 0;  // of byte code read
    std::optional<LastingAssignment> found;
};

/// The first assignment in the Lua function at `index`, or in a function written inside it, to a variable
/// that `index` got from outside (an upvalue). What is local to a call is not meant.
[[nodiscard]] AssignmentSearch find_lasting_assignment(lua_State* L, int index);

}  // namespace trunkline::scripting
