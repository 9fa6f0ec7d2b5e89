#include "engine/scripting/functions.hpp"

#include <cmath>

#include "engine/scripting/entered.hpp"
#include "engine/scripting/read_only.hpp"
#include "engine/scripting/script_error.hpp"

namespace trunkline::scripting {
namespace {

void say(std::string* error, const std::string& why) {
    if (error != nullptr) *error = why;
}

// Runs `work` on the generation's main thread within its own budget; false and the reason where it failed.
template <class Work>
bool ask(BuiltGeneration& generation, EnginePort& port, Account account, const std::string& file,
         std::string* error, Work&& work) {
    lua_State* L = generation.state;
    const Entered entered(generation, nullptr, account, port);
    generation.budget.start(L, generation.budgets.function_instructions);
    const int top = lua_gettop(L);
    const int status = protect(L, work);
    if (status == LUA_OK) return true;
    say(error,
        (generation.budget.over() ? budget_error(generation, file) : error_of(L, status, file)).message);
    lua_settop(L, top);
    return false;
}

void set_text(lua_State* L, const char* key, std::string_view text) {
    lua_pushlstring(L, text.data(), text.size());
    lua_setfield(L, -2, key);
}

int no_level(lua_State* L) {
    lua_pushinteger(L, 0);
    return 1;
}

void push_skills(lua_State* L, const std::map<std::string, int>* skills) {
    lua_createtable(L, 0, skills == nullptr ? 0 : static_cast<int>(skills->size()));
    if (skills != nullptr)
        for (const auto& [name, level] : *skills) {
            lua_pushlstring(L, name.data(), name.size());
            lua_pushinteger(L, level);
            lua_rawset(L, -3);
        }
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, no_level);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
}

void push_load_fields(lua_State* L, const Load& load) {
    lua_createtable(L, 0, 4);
    const auto set = [L](const char* key, int value) {
        lua_pushinteger(L, value);
        lua_setfield(L, -2, key);
    };
    set("chat", load.chat);
    set("voice", load.voice);
    set("email", load.email);
    set("total", load.total());
}

}  // namespace

void push_load(lua_State* L, const Load& load) {
    push_load_fields(L, load);
    make_read_only(L, -1, "load is read-only: a rule only answers");
}

void push_agent_view(lua_State* L, const agents::AgentView& view) {
    luaL_checkstack(L, 8, nullptr);
    lua_createtable(L, 0, 5);
    set_text(L, "user_name", view.user_name);
    push_skills(L, view.skills);
    lua_setfield(L, -2, "skills");
    push_load_fields(L, view.load);
    lua_setfield(L, -2, "load");
    set_text(L, "state", view.state);
    lua_pushnumber(L, to_seconds(view.ready_since.time_since_epoch()));
    lua_setfield(L, -2, "ready_since");
    make_read_only(L, -1, "the agent view is read-only: a statistics function only answers");
}

bool ask_capacity(BuiltGeneration& generation, EnginePort& port, std::string_view name, const Load& load,
                  std::string_view media, std::string* error) {
    const std::string file = "capacity/" + std::string(name) + ".lua";
    const auto found = generation.capacity.find(name);
    if (found == generation.capacity.end()) {
        say(error, file + ": there is no capacity rule of this name in the generation in force");
        return false;
    }
    bool allowed = false;
    return ask(generation, port, generation.functions, file, error,
               [&](lua_State* L) {
                   lua_rawgeti(L, LUA_REGISTRYINDEX, found->second);
                   push_load(L, load);
                   lua_pushlstring(L, media.data(), media.size());
                   lua_call(L, 2, 1);
                   if (!lua_isboolean(L, -1))
                       luaL_error(L, "%s: must return true or false, but returned %s", file.c_str(),
                                  luaL_typename(L, -1));
                   allowed = lua_toboolean(L, -1) != 0;
               }) &&
           allowed;
}

std::optional<double> ask_figure(BuiltGeneration& generation, EnginePort& port, int reference,
                                 Account account, const std::string& file, const agents::AgentView& view,
                                 std::string* error) {
    std::optional<double> figure;
    (void)ask(generation, port, account, file, error, [&](lua_State* L) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, reference);
        push_agent_view(L, view);
        lua_call(L, 1, 1);
        if (lua_type(L, -1) == LUA_TNUMBER && !std::isnan(lua_tonumber(L, -1))) figure = lua_tonumber(L, -1);
    });
    return figure;
}

}  // namespace trunkline::scripting
