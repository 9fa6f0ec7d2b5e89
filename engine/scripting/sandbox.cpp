// The globals of a generation: an allow-list, one read-only table for all interactions.
#include "engine/scripting/binding.hpp"
#include "engine/scripting/library.hpp"
#include "engine/scripting/read_only.hpp"
#include "engine/scripting/require.hpp"
#include "engine/scripting/values.hpp"

namespace trunkline::scripting {
namespace {

void add_groups(lua_State* L) {
    const int globals = lua_gettop(L);
    for (const BindingGroup& group : binding_groups()) {
        if (group.methods) continue;
        lua_createtable(L, 0, static_cast<int>(group.rows.size()));
        for (const Binding& row : group.rows) {
            push_binding(L, row);
            lua_setfield(L, -2, row.name);
        }
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
    set_function(L, -1, "require", require_library);
    lua_pushvalue(L, -1);
    lua_setfield(L, -2, "_G");
    const int globals = lua_gettop(L);
    for (const char* name : {"string", "utf8", "table", "math", "os", "coroutine", "target", "log", "config",
                             "time", "json", "db", "http"}) {
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
