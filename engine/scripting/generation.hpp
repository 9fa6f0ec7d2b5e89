// One generation: a Lua state of its own with everything that was loaded into it. Built on any thread, then
// owned by the host on the engine thread; bound to neither. Everything here that touches the state may raise
// a Lua error, so it is called inside protect() or from a function that Lua called.
#pragma once

#include <exception>
#include <lua.hpp>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>

#include "engine/scripting/allocator.hpp"
#include "engine/scripting/budget.hpp"
#include "engine/scripting/host.hpp"
#include "engine/scripting/run_state.hpp"

namespace trunkline::scripting {

class LibraryLoader;

class BuiltGeneration {
  public:
    explicit BuiltGeneration(const Budgets& given);
    ~BuiltGeneration();
    BuiltGeneration(const BuiltGeneration&) = delete;
    BuiltGeneration& operator=(const BuiltGeneration&) = delete;

    /// Registry references of what the files gave, by name without folder and ending.
    using Names = std::map<std::string, int, std::less<>>;

    Budgets budgets;
    Allocator allocator;
    Budget budget;
    lua_State* state = nullptr;  // the main thread: loading, and functions that do not wait
    Names strategies;            // compiled main chunks
    Names treatments, capacity, presence, statistics;
    Names libraries;
    std::map<std::string, std::string, std::less<>> strategy_files;  // name -> the path that messages show
    EnginePort* port = nullptr;                                      // none while loading
    RunState* run = nullptr;          // whose script is running now; none in a capacity function
    LibraryLoader* loader = nullptr;  // only while loading
    // Coroutines that only the host may resume or close: a run's own, and those that wait for the engine.
    std::unordered_set<const lua_State*> not_resumable;
    std::int64_t after_collection = 0;  // bytes after the last collection that was made for room
    Account functions = 0;              // what functions without an interaction are charged to
};

/// The generation that a state or one of its coroutines belongs to.
[[nodiscard]] inline BuiltGeneration& generation_of(lua_State* L) {
    return **static_cast<BuiltGeneration**>(lua_getextraspace(L));
}

/// Runs `work(L)` so that a Lua error ends here: LUA_OK, or the status with the error value on the stack.
/// An exception of C++ is thrown on.
template <class Work>
int protect(lua_State* L, Work&& work) {
    struct Box {
        std::remove_reference_t<Work>* work;
        std::exception_ptr thrown;
    } box{&work, nullptr};
    const auto body = [](lua_State* inner) -> int {
        auto* given = static_cast<Box*>(lua_touserdata(inner, 1));
        try {
            (*given->work)(inner);
        } catch (const std::exception&) {
            given->thrown = std::current_exception();
        }
        return 0;
    };
    lua_pushcfunction(L, body);
    lua_pushlightuserdata(L, &box);
    const int status = lua_pcall(L, 1, 0, 0);
    if (box.thrown) std::rethrow_exception(box.thrown);
    return status;
}

}  // namespace trunkline::scripting
