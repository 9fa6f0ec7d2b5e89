#include "engine/scripting/read_only.hpp"

#include <set>
#include <string>
#include <string_view>

#include "engine/scripting/lasting_assignment.hpp"
#include "engine/scripting/library.hpp"
#include "engine/scripting/ordered.hpp"

namespace trunkline::scripting {
namespace {

// A file that makes thousands of large functions while it loads would hold the loader up.
constexpr std::size_t most_code = std::size_t{256} << 20U;

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
        } else if (lua_isthread(L_, index)) {
            refuse("a coroutine");
        } else if (lua_isfunction(L_, index) && seen_.insert(lua_topointer(L_, index)).second) {
            if (lua_iscfunction(L_, index) != 0) {
                if (is_match_iteration(L_, index) || is_ordered_iteration(L_, index))
                    refuse("an iterator of string.gmatch or pairs");
            } else {
                refuse_assignments(index);
            }
            for (int n = 1; lua_getupvalue(L_, index, n) != nullptr; ++n) {
                value(-1);
                lua_pop(L_, 1);
            }
        }
    }

  private:
    // Whoever uses it moves it on for all others.
    void refuse(const char* what) {
        lua_pushfstring(
            L_, "%s is kept where all interactions share it: make one in the function that uses it", what);
        lua_error(L_);
    }

    void refuse_assignments(int index) {
        const AssignmentSearch search = find_lasting_assignment(L_, index);
        bytes_read_ += search.bytes;
        if (search.read == CodeRead::unknown_format) {
            luaL_error(L_, "this program was linked with a Lua whose byte code it does not know");
        } else if (search.found) {
            lua_pushfstring(L_,
                            "%s:%d: '%s' is assigned by a function that all interactions share, so that one "
                            "would see what another did: assign it while the file loads, or make it local to "
                            "the function; what belongs to an interaction goes into ix.userdata",
                            search.found->file.c_str(), search.found->line, search.found->variable.c_str());
            lua_error(L_);
        } else if (bytes_read_ > most_code) {
            luaL_error(L_, "more than %d MiB of functions to be shared: make fewer while loading",
                       static_cast<int>(most_code >> 20U));
        }
    }

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
    std::size_t bytes_read_ = 0;
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
