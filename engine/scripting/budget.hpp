// How much a script may do before it has to wait: instructions, and what it copies or allocates meanwhile. A
// script that is over its budget is ended where it stands and cannot catch that: where Lua can yield, the
// hook yields and the coroutine is never resumed; where it cannot (a sort's comparison), the hook raises
// again at every further instruction. Engine thread (or the builder's); one per state.
#pragma once

#include <cstdint>
#include <lua.hpp>
#include <string>

#include "engine/scripting/allocator.hpp"
#include "engine/scripting/port.hpp"

namespace trunkline::scripting {

class Budget {
  public:
    explicit Budget(Allocator& allocator) : allocator_(allocator) {}

    /// What is spent and left, for a function that is asked while another script runs.
    struct State {
        std::int64_t given = 0;
        std::int64_t left = 0;
        std::int64_t volume_seen = 0;
        bool over = false;
        bool thrown_by_hook = false;
        FailureKind kind = FailureKind::instructions;
        std::string file;
        int line = 0;
    };
    [[nodiscard]] const State& save() const { return is_; }
    void restore(const State& state);

    /// Begins a resume or a call on `L`: sets the hook there and forgets what the last one spent.
    void start(lua_State* L, std::int64_t instructions);
    /// Takes off what was spent earlier in the same command; false where nothing is left: the run must not go
    /// on.
    [[nodiscard]] bool carry_over(lua_State* L, std::int64_t spent);
    [[nodiscard]] std::int64_t spent() const { return is_.given - is_.left; }
    /// Counts on this coroutine as well, against what was begun.
    static void watch(lua_State* L);
    /// Work done outside the interpreter's loop, in units of about one instruction. Does not return when that
    /// is too much.
    void spend(lua_State* L, std::int64_t units);
    /// Ends the script here: yields where possible, else raises. Does not return.
    [[noreturn]] void stop(lua_State* L);

    [[nodiscard]] bool over() const { return is_.over; }
    [[nodiscard]] FailureKind kind() const { return is_.kind; }
    /// Where it was noticed, "file:line", and what to say.
    [[nodiscard]] const std::string& file() const { return is_.file; }
    [[nodiscard]] int line() const { return is_.line; }
    [[nodiscard]] std::string message() const;
    [[nodiscard]] static std::string memory_message();
    /// The last error left a hook by throwing: its coroutine can run no hook any more, so it must not run at
    /// all.
    [[nodiscard]] bool thrown_by_hook() const { return is_.thrown_by_hook; }

    /// What a new coroutine costs: as much as it can do before its own hook is called for the first time.
    static constexpr int step = 100;

  private:
    static void hook(lua_State* L, lua_Debug* record);
    [[nodiscard]] bool take(lua_State* L, std::int64_t units);
    void note_place(lua_State* L);

    Allocator& allocator_;
    State is_;
};

}  // namespace trunkline::scripting
