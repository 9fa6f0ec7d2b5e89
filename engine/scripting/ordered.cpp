#include "engine/scripting/ordered.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "engine/scripting/generation.hpp"
#include "engine/scripting/read_only.hpp"
#include "engine/scripting/values.hpp"

namespace trunkline::scripting {
namespace {

enum Rank : int { of_integer, of_string, of_number, of_boolean, of_object };

// A key as far as its place is concerned. The text points into the state and is valid while the key is in its
// table.
struct Key {
    Rank rank = of_object;
    lua_Integer integer = 0;  // also the serial of an object and 0 or 1 for a boolean
    lua_Number number = 0;
    std::string_view text;
    lua_Integer slot = 0;  // where it is kept, for keys that are not integers

    friend bool operator<(const Key& a, const Key& b) {
        return std::tie(a.rank, a.integer, a.number, a.text) < std::tie(b.rank, b.integer, b.number, b.text);
    }
};

lua_Integer serial_at(lua_State* L, int index) {
    switch (lua_type(L, index)) {
        case LUA_TTABLE:
            return static_cast<lua_Integer>(Allocator::serial_of(lua_topointer(L, index)));
        case LUA_TTHREAD:
            // A coroutine's block begins with its extra space.
            return static_cast<lua_Integer>(Allocator::serial_of(
                reinterpret_cast<const char*>(lua_tothread(L, index)) - LUA_EXTRASPACE));  // NOLINT
        case LUA_TUSERDATA:
            return static_cast<lua_Integer>(static_cast<const ValueHead*>(lua_touserdata(L, index))->serial);
        case LUA_TFUNCTION: {
            const bool bare = lua_getupvalue(L, index, 1) == nullptr;
            if (!bare) lua_pop(L, 1);
            // A C function without upvalues is no block; scripts only get such a one from utf8.codes.
            if (bare && lua_iscfunction(L, index) != 0) return 0;
            return static_cast<lua_Integer>(Allocator::serial_of(lua_topointer(L, index)));
        }
        default:
            return 0;
    }
}

Key key_at(lua_State* L, int index) {
    Key key;
    switch (lua_type(L, index)) {
        case LUA_TNUMBER:
            key.rank = lua_isinteger(L, index) != 0 ? of_integer : of_number;
            key.integer = key.rank == of_integer ? lua_tointeger(L, index) : 0;
            key.number = key.rank == of_integer ? 0 : lua_tonumber(L, index);
            return key;
        case LUA_TSTRING: {
            std::size_t size = 0;
            const char* text = lua_tolstring(L, index, &size);
            key.rank = of_string;
            key.text = {text, size};
            return key;
        }
        case LUA_TBOOLEAN:
            key.rank = of_boolean;
            key.integer = lua_toboolean(L, index);
            return key;
        default:
            key.integer = serial_at(L, index);
            return key;
    }
}

// Upvalues: the keys in order, how many were given, the table.
int iterate(lua_State* L) {
    lua_Integer at = lua_tointeger(L, lua_upvalueindex(2));
    for (;;) {
        if (lua_rawgeti(L, lua_upvalueindex(1), ++at) == LUA_TNIL) return 1;
        lua_pushvalue(L, -1);
        // What was removed on the way is not visited, as in Lua's own pairs.
        if (lua_rawget(L, lua_upvalueindex(3)) != LUA_TNIL) break;
        lua_pop(L, 2);
    }
    lua_pushinteger(L, at);
    lua_replace(L, lua_upvalueindex(2));
    return 2;
}

int after_pairs_metamethod(lua_State*, int, lua_KContext) { return 3; }

}  // namespace

int push_ordered_iteration(lua_State* L, int index) {
    index = lua_absindex(L, index);
    std::vector<Key> keys;
    lua_newtable(L);  // keys that are not integers, as met
    const int kept = lua_gettop(L);
    lua_Integer slots = 0;
    for (lua_pushnil(L); lua_next(L, index) != 0;) {
        lua_pop(L, 1);
        Key key = key_at(L, -1);
        if (key.rank != of_integer) {
            key.slot = ++slots;
            lua_pushvalue(L, -1);
            lua_rawseti(L, kept, key.slot);
        }
        keys.push_back(key);
    }
    generation_of(L).budget.spend(L, static_cast<std::int64_t>(keys.size()) * 2);
    if (!std::is_sorted(keys.begin(), keys.end())) std::stable_sort(keys.begin(), keys.end());
    lua_createtable(L, static_cast<int>(keys.size()), 0);
    lua_Integer at = 0;
    for (const Key& key : keys) {
        if (key.rank == of_integer) {
            lua_pushinteger(L, key.integer);
        } else {
            lua_rawgeti(L, kept, key.slot);
        }
        lua_rawseti(L, -2, ++at);
    }
    lua_remove(L, kept);
    lua_pushinteger(L, 0);
    lua_pushvalue(L, index);
    lua_pushcclosure(L, iterate, 3);
    return 1;
}

bool is_ordered_iteration(lua_State* L, int index) { return lua_tocfunction(L, index) == iterate; }

int ordered_pairs(lua_State* L) {
    luaL_checkany(L, 1);
    if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
        lua_pushvalue(L, 1);
        lua_callk(L, 1, 3, 0, after_pairs_metamethod);
        return 3;
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    push_ordered_iteration(L, 1);
    lua_pushvalue(L, 1);
    lua_pushnil(L);
    return 3;
}

int ordered_next(lua_State* L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 2);
    push_contents(L, 1);  // of a read-only table what it shows, else the table itself
    const int table = 3;
    const bool first = lua_isnil(L, 2);
    const Key before = key_at(L, 2);
    std::optional<Key> best;
    lua_pushnil(L);  // 4: the key that goes with best
    std::int64_t seen = 0;
    for (lua_pushnil(L); lua_next(L, table) != 0;) {
        lua_pop(L, 1);
        ++seen;
        const Key key = key_at(L, -1);
        if ((!first && !(before < key)) || (best && !(key < *best))) continue;
        best = key;
        lua_pushvalue(L, -1);
        lua_replace(L, 4);
    }
    generation_of(L).budget.spend(L, seen);
    if (!best) {
        lua_pushnil(L);
        return 1;
    }
    lua_settop(L, 4);
    lua_pushvalue(L, -1);
    lua_rawget(L, table);
    return 2;
}

}  // namespace trunkline::scripting
