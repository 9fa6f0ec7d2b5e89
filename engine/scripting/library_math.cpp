// math without what differs between two runs: random numbers come from the engine's seeded generator, and
// nobody but the engine seeds it.
#include <cstdint>

#include "engine/scripting/generation.hpp"
#include "engine/scripting/library.hpp"

namespace trunkline::scripting {
namespace {

std::uint64_t draw(lua_State* L) {
    EnginePort* port = generation_of(L).port;
    if (port == nullptr || generation_of(L).run == nullptr)
        luaL_error(L, "math.random needs an interaction: call it inside the strategy's function");
    return port->random();
}

int math_random(lua_State* L) {
    if (lua_gettop(L) == 0) {
        lua_pushnumber(L, static_cast<double>(draw(L) >> 11U) * 0x1p-53);
        return 1;
    }
    const bool one = lua_gettop(L) == 1;
    if (lua_gettop(L) > 2) return luaL_error(L, "wrong number of arguments");
    const lua_Integer low = one ? 1 : luaL_checkinteger(L, 1);
    const lua_Integer high = luaL_checkinteger(L, one ? 1 : 2);
    if (one && high == 0) {  // all bits
        lua_pushinteger(L, static_cast<lua_Integer>(draw(L)));
        return 1;
    }
    luaL_argcheck(L, low <= high, one ? 1 : 2, "interval is empty");
    const std::uint64_t size = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
    const std::uint64_t drawn = draw(L);
    lua_pushinteger(
        L, static_cast<lua_Integer>(static_cast<std::uint64_t>(low) + (size == 0 ? drawn : drawn % size)));
    return 1;
}

}  // namespace

void add_math(lua_State* L) {
    const int globals = lua_gettop(L);
    luaL_requiref(L, LUA_MATHLIBNAME, luaopen_math, 0);
    const int stock = lua_gettop(L);
    lua_newtable(L);
    const int own = lua_gettop(L);
    for (const char* name :
         {"abs", "acos", "asin", "atan", "ceil", "cos",  "deg", "exp",       "floor", "fmod", "log",
          "max", "min",  "modf", "rad",  "sin",  "sqrt", "tan", "tointeger", "type",  "ult"})
        take_stock(L, stock, own, name, Price::none);
    for (const char* name : {"pi", "huge", "maxinteger", "mininteger"}) {
        lua_getfield(L, stock, name);
        lua_setfield(L, own, name);
    }
    set_function(L, own, "random", math_random);
    lua_setfield(L, globals, "math");
    lua_settop(L, globals);
}

}  // namespace trunkline::scripting
