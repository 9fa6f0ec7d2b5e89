#include "engine/scripting/strategy_body.hpp"

#include "engine/scripting/binding.hpp"
#include "engine/scripting/generation.hpp"

namespace trunkline::scripting {
namespace {

int ended(lua_State*, int, lua_KContext) { return 0; }

// The file has run; what it returned is on top, and was checked when the generation was built.
int call_what_it_gave(lua_State* L, int, lua_KContext) {
    const RunState& run = *generation_of(L).run;
    if (run.failure) {
        if (!lua_istable(L, -1) || lua_getfield(L, -1, "default") == LUA_TNIL) return 0;
    } else if (lua_istable(L, -1)) {
        lua_getfield(L, -1, "run");
    }
    push_ix(L);
    if (run.failure) lua_pushlstring(L, run.failure->data(), run.failure->size());
    lua_callk(L, run.failure ? 2 : 1, 0, 0, ended);
    return 0;
}

}  // namespace

int run_strategy(lua_State* L) {
    const BuiltGeneration& generation = generation_of(L);
    lua_rawgeti(L, LUA_REGISTRYINDEX, generation.strategies.find(generation.run->strategy)->second);
    lua_callk(L, 0, 1, 0, call_what_it_gave);
    return call_what_it_gave(L, LUA_OK, 0);
}

int run_on_wait(lua_State* L) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, generation_of(L).run->on_wait_function);
    push_ix(L);
    lua_callk(L, 1, 0, 0, ended);
    return 0;
}

}  // namespace trunkline::scripting
