// One strand of an interaction's run: its coroutine, what it waits for and what the script was told about the
// customer. Both strands of a run share the account and the generation. Owned by the host; engine thread.
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
    Strand strand = Strand::strategy;
    Generation number;
    std::shared_ptr<BuiltGeneration> generation;
    std::string strategy;
    std::optional<std::string> failure;  // start_default: the message that `default` is given
    lua_State* coroutine = nullptr;
    int reference = LUA_NOREF;  // keeps the coroutine from being collected
    Account account = 0;
    // Functions that the waiting ix:route was given, kept while it waits.
    int on_wait_function = LUA_NOREF;
    int inline_statistic = LUA_NOREF;
    // The coroutines of the script itself that the wait went through, the one that called first.
    std::vector<lua_State*> suspended;
    std::optional<Wait> wait;        // set by the call that is yielding
    const Answer* answer = nullptr;  // set while the run is resumed with it
    bool abandoned = false;          // the script was told that the customer left
    int calls_after_abandoned = 0;
    std::uint64_t command = 0;  // in which it last went on, and what it had spent then
    std::int64_t spent = 0;
    bool given_up = false;  // it kept on waiting all the same, and is closed
    std::string
        disconnected_at;  // "file:line" of its ix:disconnect; after it nothing more can be asked of ix
    std::vector<std::string> open_treatments;
};

}  // namespace trunkline::scripting
