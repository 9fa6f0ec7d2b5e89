// The order of tables that two runs agree on: integers ascending, then strings bytewise, then the rest (other
// numbers by value, booleans, objects in order of creation). Replaces Lua's pairs and next, whose order
// depends on addresses.
#pragma once

#include <lua.hpp>

namespace trunkline::scripting {

/// pairs(t), honouring __pairs.
int ordered_pairs(lua_State* L);
/// next(t, key) in the same order; a scan of the table a call, so loops should use pairs.
int ordered_next(lua_State* L);
/// Pushes pairs' three values for the table at `index` itself, without its metatable.
int push_ordered_iteration(lua_State* L, int index);
/// Whether the value is the first of pairs' three values: a function that remembers where it is.
[[nodiscard]] bool is_ordered_iteration(lua_State* L, int index);

}  // namespace trunkline::scripting
