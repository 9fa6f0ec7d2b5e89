// Tables that all interactions of a generation share are read-only. A table is made so in place, so that
// whoever holds it already (the library's own functions too) can no longer write it: its contents move behind
// an empty front.
#pragma once

#include <lua.hpp>

namespace trunkline::scripting {

/// Makes the table at `index` read-only, and everything that can be reached from it: values, metatables,
/// upvalues of Lua functions. A function at `index` is followed likewise; other values are left. `why` ends
/// the error message. Raises a Lua error where something reached could change all the same: a function that
/// assigns a variable from outside of it, a coroutine, an iterator that remembers its place.
void make_read_only(lua_State* L, int index, const char* why);
/// Pushes what a read-only table shows, else the table itself.
void push_contents(lua_State* L, int index);
[[nodiscard]] bool is_read_only(lua_State* L, int index);

}  // namespace trunkline::scripting
