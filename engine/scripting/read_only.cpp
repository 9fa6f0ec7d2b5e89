#include "engine/scripting/read_only.hpp"

#include <set>
#include <string>
#include <string_view>

#include "engine/scripting/ordered.hpp"

namespace trunkline::scripting {
namespace {

const char contents_key = 0;  // its address is the metatable's key for what the table shows

void push_field_name(lua_State* L, int index) {
    if (lua_type(L, index) == LUA_TSTRING) {
        lua_pushvalue(L, index);
    } else {
        lua_pushstring(L, luaL_typename(L, index));
    }
}

int refuse_write(lua_State* L) {
    push_field_name(L, 2);
    return luaL_error(L, "'%s' assigned: %s", lua_tostring(L, -1), lua_tostring(L, lua_upvalueindex(1)));
}

int length(lua_State* L) {
    lua_pushinteger(L, static_cast<lua_Integer>(lua_rawlen(L, lua_upvalueindex(1))));
    return 1;
}

int iterate_contents(lua_State* L) {
    push_ordered_iteration(L, lua_upvalueindex(1));
    lua_pushvalue(L, 1);
    lua_pushnil(L);
    return 3;
}

// A metatable looks its own fields up raw, so a table that is the metatable of others keeps those of its
// metamethods.
bool stays(lua_State* L, int index) {
    if (lua_type(L, index) != LUA_TSTRING) return false;
    return std::string_view(lua_tostring(L, index)).starts_with("__");
}

class Freezer {
  public:
    Freezer(lua_State* L, const char* why) : L_(L), why_(why) {}

    void value(int index) {
        luaL_checkstack(L_, 12, "values nested too deep to be shared");
        index = lua_absindex(L_, index);
        if (lua_istable(L_, index)) {
            table(index);
        } else if (lua_isfunction(L_, index) && lua_iscfunction(L_, index) == 0 &&
                   seen_.insert(lua_topointer(L_, index)).second) {
            for (int n = 1; lua_getupvalue(L_, index, n) != nullptr; ++n) {
                value(-1);
                lua_pop(L_, 1);
            }
        }
    }

  private:
    void table(int index) {
        if (is_read_only(L_, index)) return;
        lua_newtable(L_);
        const int contents = lua_gettop(L_);
        move_fields(index, contents);
        const bool had_metatable = lua_getmetatable(L_, index) != 0;
        if (!had_metatable) lua_pushnil(L_);
        const int former = lua_gettop(L_);
        if (had_metatable) {
            lua_pushvalue(L_, former);
            lua_setmetatable(L_, contents);  // look-ups that find nothing go on as they did
        }
        push_front_metatable(contents, former);
        lua_setmetatable(L_, index);
        for (lua_pushnil(L_); lua_next(L_, contents) != 0; lua_pop(L_, 1)) {
            value(-1);
            value(-2);
        }
        if (had_metatable) value(former);
        lua_settop(L_, contents - 1);
    }

    void move_fields(int from, int to) {
        for (lua_pushnil(L_); lua_next(L_, from) != 0; lua_pop(L_, 1)) {
            lua_pushvalue(L_, -2);
            lua_pushvalue(L_, -2);
            lua_rawset(L_, to);
            if (stays(L_, -2)) continue;
            lua_pushvalue(L_, -2);
            lua_pushnil(L_);
            lua_rawset(L_, from);
        }
    }

    void push_front_metatable(int contents, int former) {
        lua_newtable(L_);
        const int front = lua_gettop(L_);
        if (lua_istable(L_, former)) {
            for (lua_pushnil(L_); lua_next(L_, former) != 0; lua_pop(L_, 1)) {
                if (!stays(L_, -2)) continue;
                lua_pushvalue(L_, -2);
                lua_pushvalue(L_, -2);
                lua_rawset(L_, front);
            }
        }
        lua_pushvalue(L_, contents);
        lua_rawsetp(L_, front, &contents_key);
        lua_pushvalue(L_, contents);
        lua_setfield(L_, front, "__index");
        set_closure(front, "__newindex", refuse_write, [&] { lua_pushstring(L_, why_); });
        set_closure(front, "__len", length, [&] { lua_pushvalue(L_, contents); });
        set_closure(front, "__pairs", iterate_contents, [&] { lua_pushvalue(L_, contents); });
        lua_pushliteral(L_, "read-only");
        lua_setfield(L_, front, "__metatable");
    }

    template <class PushUpvalue>
    void set_closure(int table_index, const char* field, lua_CFunction function, PushUpvalue push) {
        push();
        lua_pushcclosure(L_, function, 1);
        lua_setfield(L_, table_index, field);
    }

    lua_State* L_;
    const char* why_;
    std::set<const void*> seen_;
};

}  // namespace

void make_read_only(lua_State* L, int index, const char* why) { Freezer(L, why).value(index); }

bool is_read_only(lua_State* L, int index) {
    if (!lua_istable(L, index) || lua_getmetatable(L, index) == 0) return false;
    const bool marked = lua_rawgetp(L, -1, &contents_key) != LUA_TNIL;
    lua_pop(L, 2);
    return marked;
}

void push_contents(lua_State* L, int index) {
    index = lua_absindex(L, index);
    if (!is_read_only(L, index)) {
        lua_pushvalue(L, index);
        return;
    }
    lua_getmetatable(L, index);
    lua_rawgetp(L, -1, &contents_key);
    lua_remove(L, -2);
}

}  // namespace trunkline::scripting
