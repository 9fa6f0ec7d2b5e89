#include "engine/scripting/generation.hpp"

#include <stdexcept>

#include "engine/scripting/library.hpp"

namespace trunkline::scripting {

BuiltGeneration::BuiltGeneration(const Budgets& given)
    : budgets(given),
      allocator(given.generation_bytes, given.interaction_bytes),
      budget(allocator),
      functions(allocator.open(given.interaction_bytes)) {
    state = lua_newstate(&Allocator::allocate, &allocator);
    if (state == nullptr)
        throw std::runtime_error("no memory for a Lua state: raise scripts.generation_bytes");
    *static_cast<BuiltGeneration**>(lua_getextraspace(state)) = this;  // every coroutine gets a copy
    // Generational collection stops the engine ten times as long with thousands of waiting coroutines.
    lua_gc(state, LUA_GCINC, 0, 0, 0);
    const int status = protect(state, [](lua_State* L) { make_sandbox(L); });
    if (status != LUA_OK) {
        const char* text = lua_tostring(state, -1);
        const std::string why = text == nullptr ? "no reason given" : text;
        lua_close(state);
        throw std::runtime_error("the sandbox could not be made: " + why);
    }
}

BuiltGeneration::~BuiltGeneration() { lua_close(state); }

}  // namespace trunkline::scripting
