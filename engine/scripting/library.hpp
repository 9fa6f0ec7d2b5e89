// The standard library as scripts see it: stock functions behind a price, and our own where the stock one
// could run long, differ between two runs or print an address. Each file fills one global table (or several
// globals).
#pragma once

#include <lua.hpp>

namespace trunkline::scripting {

/// What a stock function costs before it runs, besides what it allocates.
enum class Price : int {
    none,
    text,     // the length of the first argument
    items,    // table.move and table.unpack: the elements between arguments 2 and 3
    shifted,  // table.insert and table.remove: the elements behind the position
};

/// Pushes a stock function with its price. The stock function must use no upvalue.
void push_priced(lua_State* L, lua_CFunction stock, Price price);
/// Copies `name` from the stock library table at `from` into the table at `to`, with its price.
void take_stock(lua_State* L, int from, int to, const char* name, Price price);
/// A function of our own as a closure, so that it has a place in the order of creation.
void set_function(lua_State* L, int table, const char* name, lua_CFunction function);

/// Whether the value is what string.gmatch returned: a function that remembers where it is.
[[nodiscard]] bool is_match_iteration(lua_State* L, int index);

// Each expects the new globals table at the top of the stack and leaves it there.
void add_base(lua_State* L);
void add_string(lua_State* L);
void add_table(lua_State* L);
void add_math(lua_State* L);
void add_clock(lua_State* L);
void add_coroutine(lua_State* L);

/// The globals of a new state: everything above, the API's groups, `require`; read-only.
void make_sandbox(lua_State* L);

}  // namespace trunkline::scripting
