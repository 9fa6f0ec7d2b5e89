// coroutine: a script's own coroutines work as ever, and a waiting call inside one suspends the whole
// strategy: resume sees that what came up was not the script's own yield and hands it on, down to the host
// and back.
#include <utility>

#include "engine/scripting/generation.hpp"
#include "engine/scripting/library.hpp"

namespace trunkline::scripting {
namespace {

enum class Way { resume, wrap };

// The strategy waits, has given up or is being ended: the inner coroutine did not yield to its script.
bool meant_for_host(const BuiltGeneration& generation) {
    return generation.budget.over() ||
           (generation.run != nullptr && (generation.run->wait || generation.run->given_up));
}

template <Way way>
int resume_inner(lua_State* L, lua_State* inner, int arguments);

template <Way way>
int after_wait(lua_State* L, int, lua_KContext context) {
    auto* inner = reinterpret_cast<lua_State*>(context);  // NOLINT: kept alive by the stack or the upvalue
    BuiltGeneration& generation = generation_of(L);
    generation.run->suspended.pop_back();
    generation.not_resumable.erase(inner);
    return resume_inner<way>(L, inner, 0);
}

// A wait that cannot go on down to the host: the coroutines that it came through are closed, for nothing
// could ever answer them.
int refuse_wait(lua_State* L, lua_State* inner) {
    BuiltGeneration& generation = generation_of(L);
    RunState& run = *generation.run;
    run.wait.reset();
    for (lua_State* waiting : std::exchange(run.suspended, {})) {
        generation.not_resumable.erase(waiting);
        lua_resetthread(waiting);
    }
    lua_resetthread(inner);
    return luaL_error(L,
                      "a coroutine that waits cannot be resumed inside a comparison of table.sort, a "
                      "replacement of string.gsub, a metamethod called by a library function, or a <close> "
                      "variable: resume it before or after");
}

template <Way way>
int give_error(lua_State* L, lua_State* inner) {
    lua_xmove(inner, L, 1);
    if constexpr (way == Way::resume) {
        lua_pushboolean(L, 0);
        lua_insert(L, -2);
        return 2;
    }
    lua_resetthread(inner);
    return lua_error(L);
}

template <Way way>
int resume_inner(lua_State* L, lua_State* inner, int arguments) {
    BuiltGeneration& generation = generation_of(L);
    int results = 0;
    const int status = lua_resume(inner, L, arguments, &results);
    if (generation.budget.over()) generation.budget.stop(L);
    if (status == LUA_YIELD && meant_for_host(generation)) {
        if (lua_isyieldable(L) == 0) return refuse_wait(L, inner);
        generation.run->suspended.push_back(inner);
        generation.not_resumable.insert(inner);
        return lua_yieldk(L, 0, reinterpret_cast<lua_KContext>(inner), after_wait<way>);  // NOLINT
    }
    if (status != LUA_OK && status != LUA_YIELD) return give_error<way>(L, inner);
    if (lua_checkstack(L, results + 1) == 0) return luaL_error(L, "too many results to resume");
    if constexpr (way == Way::resume) lua_pushboolean(L, 1);
    lua_xmove(inner, L, results);
    return way == Way::resume ? results + 1 : results;
}

lua_State* coroutine_argument(lua_State* L) {
    lua_State* inner = lua_tothread(L, 1);
    luaL_argexpected(L, inner != nullptr, 1, "coroutine");
    return inner;
}

template <Way way>
int start_resume(lua_State* L, lua_State* inner, int arguments) {
    generation_of(L).budget.spend(L, 10);
    const bool waits = lua_status(inner) == LUA_YIELD && generation_of(L).not_resumable.contains(inner);
    const bool dead = lua_status(inner) == LUA_OK && lua_gettop(inner) == 0;
    if (dead || waits || lua_status(inner) > LUA_YIELD || inner == L ||
        lua_checkstack(inner, arguments) == 0) {
        const char* why = inner == L ? "cannot resume non-suspended coroutine"
                          : waits    ? "cannot resume a coroutine that waits for the engine"
                                     : "cannot resume dead coroutine";
        if constexpr (way == Way::wrap) return luaL_error(L, "%s", why);
        lua_pushboolean(L, 0);
        lua_pushstring(L, why);
        return 2;
    }
    lua_xmove(L, inner, arguments);
    return resume_inner<way>(L, inner, arguments);
}

int co_resume(lua_State* L) { return start_resume<Way::resume>(L, coroutine_argument(L), lua_gettop(L) - 1); }
int co_call_wrapped(lua_State* L) {
    return start_resume<Way::wrap>(L, lua_tothread(L, lua_upvalueindex(1)), lua_gettop(L));
}

int co_close(lua_State* L) {
    lua_State* inner = coroutine_argument(L);
    if (lua_status(inner) == LUA_YIELD && generation_of(L).not_resumable.contains(inner))
        return luaL_error(L, "cannot close a coroutine that waits for the engine");
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

int co_create(lua_State* L) {
    luaL_checktype(L, 1, LUA_TFUNCTION);
    // A new coroutine inherits the hook with a whole step before it is first called: paid for here.
    generation_of(L).budget.spend(L, Budget::step);
    lua_State* inner = lua_newthread(L);
    lua_pushvalue(L, 1);
    lua_xmove(L, inner, 1);
    return 1;
}

int co_wrap(lua_State* L) {
    co_create(L);
    lua_pushcclosure(L, co_call_wrapped, 1);
    return 1;
}

int yield_to_script(lua_State* L) {
    const BuiltGeneration& generation = generation_of(L);
    if (generation.run != nullptr && generation.run->coroutine == L)
        return luaL_error(
            L, "coroutine.yield outside a coroutine that the script created: use ix:sleep to wait");
    return lua_yield(L, lua_gettop(L));
}

}  // namespace

void add_coroutine(lua_State* L) {
    const int globals = lua_gettop(L);
    luaL_requiref(L, LUA_COLIBNAME, luaopen_coroutine, 0);
    const int stock = lua_gettop(L);
    lua_newtable(L);
    const int own = lua_gettop(L);
    for (const char* name : {"isyieldable", "running", "status"})
        take_stock(L, stock, own, name, Price::none);
    lua_getfield(L, stock, "close");
    lua_pushcclosure(L, co_close, 1);
    lua_setfield(L, own, "close");
    set_function(L, own, "create", co_create);
    set_function(L, own, "resume", co_resume);
    set_function(L, own, "wrap", co_wrap);
    set_function(L, own, "yield", yield_to_script);
    lua_setfield(L, globals, "coroutine");
    lua_settop(L, globals);
}

}  // namespace trunkline::scripting
