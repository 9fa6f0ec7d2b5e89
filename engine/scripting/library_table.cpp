// table: stock functions with a price, and a sort of our own: stable (so the result never depends on a pivot
// that the stock sort takes from the clock), and bounded whatever the comparison answers.
#include <algorithm>
#include <vector>

#include "engine/scripting/generation.hpp"
#include "engine/scripting/library.hpp"

namespace trunkline::scripting {
namespace {

// Stack of the sort: 1 the table, 2 the comparison or nil, 3 the elements.
constexpr int elements = 3;

bool less(lua_State* L, lua_Integer a, lua_Integer b) {
    if (lua_isnil(L, 2)) {
        lua_rawgeti(L, elements, a);
        lua_rawgeti(L, elements, b);
        const bool answer = lua_compare(L, -2, -1, LUA_OPLT) != 0;
        lua_pop(L, 2);
        return answer;
    }
    lua_pushvalue(L, 2);
    lua_rawgeti(L, elements, a);
    lua_rawgeti(L, elements, b);
    lua_call(L, 2, 1);
    const bool answer = lua_toboolean(L, -1) != 0;
    lua_pop(L, 1);
    return answer;
}

void merge_sort(lua_State* L, std::vector<lua_Integer>& order) {
    std::vector<lua_Integer> merged(order.size());
    for (std::size_t width = 1; width < order.size(); width *= 2) {
        generation_of(L).budget.spend(L, static_cast<std::int64_t>(order.size()) * 2);
        for (std::size_t from = 0; from < order.size(); from += 2 * width) {
            const std::size_t middle = std::min(from + width, order.size());
            const std::size_t end = std::min(from + 2 * width, order.size());
            std::size_t left = from;
            std::size_t right = middle;
            for (std::size_t at = from; at < end; ++at) {
                const bool take_right = right < end && (left >= middle || less(L, order[right], order[left]));
                merged[at] = take_right ? order[right++] : order[left++];
            }
        }
        order.swap(merged);
    }
}

int table_sort(lua_State* L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    if (!lua_isnoneornil(L, 2)) luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    const lua_Integer size = luaL_len(L, 1);
    generation_of(L).budget.spend(L, size);
    lua_createtable(L, static_cast<int>(std::min<lua_Integer>(size, 1 << 20)), 0);
    std::vector<lua_Integer> order;
    for (lua_Integer n = 1; n <= size; ++n) {
        lua_geti(L, 1, n);
        lua_rawseti(L, elements, n);
        order.push_back(n);
    }
    merge_sort(L, order);
    for (lua_Integer n = 1; n <= size; ++n) {
        lua_rawgeti(L, elements, order[static_cast<std::size_t>(n - 1)]);
        lua_seti(L, 1, n);
    }
    return 0;
}

// concat's range is in arguments 3 and 4, behind the separator.
int table_concat(lua_State* L) {
    const lua_Integer first = luaL_optinteger(L, 3, 1);
    const lua_Integer last = lua_isnoneornil(L, 4) != 0 ? luaL_len(L, 1) : luaL_checkinteger(L, 4);
    if (last >= first) generation_of(L).budget.spend(L, (last / 2 - first / 2) * 2 + 1);
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

}  // namespace

void add_table(lua_State* L) {
    const int globals = lua_gettop(L);
    luaL_requiref(L, LUA_TABLIBNAME, luaopen_table, 0);
    const int stock = lua_gettop(L);
    lua_newtable(L);
    const int own = lua_gettop(L);
    for (const char* name : {"move", "unpack"}) take_stock(L, stock, own, name, Price::items);
    for (const char* name : {"insert", "remove"}) take_stock(L, stock, own, name, Price::shifted);
    take_stock(L, stock, own, "pack", Price::none);
    lua_getfield(L, stock, "concat");
    lua_pushcclosure(L, table_concat, 1);
    lua_setfield(L, own, "concat");
    set_function(L, own, "sort", table_sort);
    lua_setfield(L, globals, "table");
    lua_settop(L, globals);
}

}  // namespace trunkline::scripting
