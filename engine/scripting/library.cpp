#include "engine/scripting/library.hpp"

#include <algorithm>
#include <string>

#include "engine/scripting/binding.hpp"
#include "engine/scripting/ordered.hpp"
#include "engine/scripting/read_only.hpp"
#include "engine/scripting/values.hpp"

namespace trunkline::scripting {
namespace {

// Characters that a text function walks in about the time of one instruction.
constexpr lua_Integer characters_a_unit = 16;

lua_Integer length_of(lua_State* L, int index) {
    if (lua_type(L, index) == LUA_TTABLE) return luaL_len(L, index);
    return static_cast<lua_Integer>(lua_rawlen(L, index));
}

lua_Integer price_of(lua_State* L, Price price) {
    switch (price) {
        case Price::none:
            return 1;
        case Price::text:
            return 1 + length_of(L, 1) / characters_a_unit;
        case Price::items: {
            const bool whole = lua_isnoneornil(L, 3) != 0 && lua_isnoneornil(L, 2) != 0;
            const lua_Integer last =
                whole || lua_isnoneornil(L, 3) != 0 ? length_of(L, 1) : luaL_optinteger(L, 3, 0);
            const lua_Integer first = luaL_optinteger(L, 2, 1);
            return 1 + std::max<lua_Integer>(0, last < first ? 0 : last / 2 - first / 2) * 2;
        }
        case Price::shifted: {
            if (lua_gettop(L) < 2) return 1;
            const lua_Integer size = length_of(L, 1);
            return 1 + std::clamp<lua_Integer>(size - lua_tointeger(L, 2), 0, size);
        }
    }
    return 1;
}

// Upvalues: the stock function, its price.
int priced(lua_State* L) {
    const auto price = static_cast<Price>(lua_tointeger(L, lua_upvalueindex(2)));
    if (price != Price::none) generation_of(L).budget.spend(L, price_of(L, price));
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

int to_string(lua_State* L) {
    luaL_checkany(L, 1);
    push_text_of(L, 1);
    return 1;
}

int set_metatable(lua_State* L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    if (lua_istable(L, 2)) {
        for (const char* field : {"__gc", "__mode"}) {
            lua_pushstring(L, field);
            if (lua_rawget(L, 2) != LUA_TNIL)
                return luaL_error(
                    L, "setmetatable: %s is not available: when it takes effect differs between two runs",
                    field);
            lua_pop(L, 1);
        }
    }
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

int raw_set(lua_State* L) {
    if (is_read_only(L, 1))
        return luaL_error(L, "rawset: this table is shared by all interactions and read-only");
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

// rawget and rawlen see what a read-only table shows.
int raw_read(lua_State* L) {
    if (is_read_only(L, 1)) {
        push_contents(L, 1);
        lua_replace(L, 1);
    }
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

// The handler runs after the stack was unwound, not before: in between, Lua calls no hook, and a handler
// without an end could not be ended. There is no debug library that could tell the difference.
int handle_error(lua_State* L, int status, lua_KContext) {
    if (status == LUA_OK || status == LUA_YIELD)
        return lua_gettop(L) - 1;  // without the handler; true comes first
    lua_pushvalue(L, 1);
    lua_insert(L, -2);
    lua_pushboolean(L, 0);
    lua_insert(L, -3);  // false, handler, error
    lua_callk(L, 1, 1, 0, [](lua_State*, int, lua_KContext) { return 2; });
    return 2;
}

int protected_call(lua_State* L) {
    const int given = lua_gettop(L);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_pushvalue(L, 2);
    lua_remove(L, 2);
    lua_pushvalue(L, 1);
    lua_remove(L, 1);     // arguments..., handler, function
    lua_rotate(L, 1, 2);  // handler, function, arguments...
    lua_pushboolean(L, 1);
    lua_insert(L, 2);  // handler, true, function, arguments...
    return handle_error(L, lua_pcallk(L, given - 2, LUA_MULTRET, 0, 0, handle_error), 0);
}

// Text chunks only, in the shared environment unless the script gives one.
int load_text(lua_State* L) {
    if (lua_type(L, 1) == LUA_TSTRING)
        generation_of(L).budget.spend(L, static_cast<std::int64_t>(lua_rawlen(L, 1)));
    const bool own_environment = !lua_isnone(L, 4);
    lua_settop(L, own_environment ? 4 : 3);
    lua_pushliteral(L, "t");
    lua_replace(L, 3);
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

void wrap_stock(lua_State* L, int to, const char* name, lua_CFunction wrapper) {
    lua_getglobal(L, name);
    lua_pushcclosure(L, wrapper, 1);
    lua_setfield(L, to, name);
}

}  // namespace

void push_priced(lua_State* L, lua_CFunction stock, Price price) {
    lua_pushcfunction(L, stock);
    lua_pushinteger(L, static_cast<int>(price));
    lua_pushcclosure(L, priced, 2);
}

void take_stock(lua_State* L, int from, int to, const char* name, Price price) {
    to = lua_absindex(L, to);
    lua_getfield(L, from, name);
    const lua_CFunction stock = lua_tocfunction(L, -1);
    lua_pop(L, 1);
    push_priced(L, stock, price);
    lua_setfield(L, to, name);
}

void set_function(lua_State* L, int table, const char* name, lua_CFunction function) {
    table = lua_absindex(L, table);
    lua_pushnil(L);
    lua_pushcclosure(L, function, 1);
    lua_setfield(L, table, name);
}

void add_base(lua_State* L) {
    const int globals = lua_gettop(L);
    luaL_requiref(L, LUA_GNAME, luaopen_base, 1);
    const int stock = lua_gettop(L);
    for (const char* name :
         {"assert", "error", "getmetatable", "ipairs", "pcall", "rawequal", "select", "type"})
        take_stock(L, stock, globals, name, Price::none);
    take_stock(L, stock, globals, "tonumber", Price::text);
    wrap_stock(L, globals, "setmetatable", set_metatable);
    wrap_stock(L, globals, "rawset", raw_set);
    wrap_stock(L, globals, "rawget", raw_read);
    wrap_stock(L, globals, "rawlen", raw_read);
    wrap_stock(L, globals, "load", load_text);
    set_function(L, globals, "tostring", to_string);
    set_function(L, globals, "pairs", ordered_pairs);
    set_function(L, globals, "next", ordered_next);
    set_function(L, globals, "xpcall", protected_call);
    lua_pushliteral(L, LUA_VERSION);
    lua_setfield(L, globals, "_VERSION");
    lua_settop(L, globals);
}

}  // namespace trunkline::scripting
