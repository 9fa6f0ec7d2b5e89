// One interaction's run: its coroutine, what it waits for and what the script was told about the customer.
// Owned by the host; engine thread.
#pragma once

#include <lua.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/scripting/allocator.hpp"
#include "engine/scripting/port.hpp"

namespace trunkline::scripting {

class BuiltGeneration;

struct RunState {
    CallUuid id;
    Generation number;
    std::shared_ptr<BuiltGeneration> generation;
    std::string strategy;
    std::optional<std::string> failure;  // start_default: the message that `default` is given
    lua_State* coroutine = nullptr;
    int reference = LUA_NOREF;  // keeps the coroutine from being collected
    Account account = 0;
    std::optional<Wait> wait;        // set by the call that is yielding
    const Answer* answer = nullptr;  // set while the run is resumed with it
    bool abandoned = false;          // the script was told that the customer left
    int calls_after_abandoned = 0;
    bool given_up = false;  // it kept on waiting all the same, and is closed
    std::string disconnected_at;  // "file:line" of its ix:disconnect; after it nothing more can be asked of ix
    std::vector<std::string> open_treatments;
};

}  // namespace trunkline::scripting
