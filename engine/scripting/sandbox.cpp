// The globals of a generation: an allow-list, one read-only table for all interactions.
#include <array>
#include <vector>

#include "engine/base/near_names.hpp"
#include "engine/scripting/binding.hpp"
#include "engine/scripting/library.hpp"
#include "engine/scripting/read_only.hpp"
#include "engine/scripting/require.hpp"
#include "engine/scripting/trampoline.hpp"
#include "engine/scripting/values.hpp"

namespace trunkline::scripting {
namespace {

// Named by the contract, but not there yet: the error says so, instead of "attempt to call a nil value".
struct Later {
    const char* group;
    const char* name;
};
constexpr std::array<Later, 3> later{
    {{"preview", "request"}, {"preview", "multiple"}, {"preview", "cancel"}}};

int comes_later(lua_State* L) {
    const auto* what = static_cast<const Later*>(lua_touserdata(L, lua_upvalueindex(1)));
    return luaL_error(L, "%s.%s: not in this version of Trunkline; it comes with a later one", what->group,
                      what->name);
}

void add_later(lua_State* L) {
    const int globals = lua_gettop(L);
    for (const Later& what : later) {
        if (lua_getfield(L, globals, what.group) != LUA_TTABLE) {
            lua_newtable(L);
            lua_pushvalue(L, -1);
            lua_setfield(L, globals, what.group);
        }
        lua_pushlightuserdata(L,
                              const_cast<Later*>(&what));  // NOLINT: Lua keeps it, nobody writes through it
        lua_pushcclosure(L, comes_later, 1);
        lua_setfield(L, -2, what.name);
        lua_settop(L, globals);
    }
}

// A name that a group does not have is a slip of the pen, never a wish for nil.
int no_such_name(lua_State* L) {
    const auto* group = static_cast<const BindingGroup*>(lua_touserdata(L, lua_upvalueindex(1)));
    const std::string name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : luaL_typename(L, 2);
    std::vector<std::string_view> known;
    std::string names;
    for (const Binding& row : group->rows) {
        known.emplace_back(row.name);
        names += (names.empty() ? "" : ", ") + std::string(row.name);
    }
    const std::string message = "there is no " + std::string(group->name) + "." + name + "; " + group->name +
                                " has " + names + did_you_mean(name, known);
    push_error(L, message.c_str());
    return lua_error(L);
}

void refuse_other_names(lua_State* L, const BindingGroup& group) {
    lua_createtable(L, 0, 1);
    lua_pushlightuserdata(
        L, const_cast<BindingGroup*>(&group));  // NOLINT: Lua keeps it, nobody writes through it
    lua_pushcclosure(L, no_such_name, 1);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
}

void add_groups(lua_State* L) {
    const int globals = lua_gettop(L);
    for (const BindingGroup& group : binding_groups()) {
        if (group.methods) continue;
        lua_createtable(L, 0, static_cast<int>(group.rows.size()));
        for (const Binding& row : group.rows) {
            push_binding(L, row);
            lua_setfield(L, -2, row.name);
        }
        refuse_other_names(L, group);
        lua_setfield(L, globals, group.name);
    }
    // print is what people type first: it goes where log.info goes.
    lua_getfield(L, globals, "log");
    lua_getfield(L, -1, "info");
    lua_setfield(L, globals, "print");
    lua_settop(L, globals);
}

}  // namespace

void make_sandbox(lua_State* L) {
    lua_newtable(L);
    add_base(L);
    add_string(L);
    add_table(L);
    add_math(L);
    add_clock(L);
    add_coroutine(L);
    make_ix_metatables(L);
    make_target_metatable(L);
    add_groups(L);
    add_later(L);
    set_function(L, -1, "require", require_library);
    lua_pushvalue(L, -1);
    lua_setfield(L, -2, "_G");
    const int globals = lua_gettop(L);
    std::vector<const char*> shared{"string", "utf8", "table", "math", "os", "coroutine", "preview"};
    for (const BindingGroup& group : binding_groups())
        if (!group.methods) shared.push_back(group.name);
    for (const char* name : shared) {
        lua_getfield(L, globals, name);
        make_read_only(L, -1, "the library is shared by all interactions and read-only");
        lua_pop(L, 1);
    }
    make_read_only(L, globals,
                   "a global is shared by all interactions and read-only; write 'local' before it");
    lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    lua_pushnil(L);
    lua_setfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);  // the whole stock libraries were in there
}

}  // namespace trunkline::scripting
