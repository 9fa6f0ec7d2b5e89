#include "engine/scripting/budget.hpp"

#include "engine/scripting/generation.hpp"

namespace trunkline::scripting {
namespace {
// Copying this many bytes takes about as long as one instruction.
constexpr std::int64_t memory_bytes_a_unit = 64;
}  // namespace

void Budget::start(lua_State* L, std::int64_t instructions) {
    is_ = State{};
    is_.given = is_.left = instructions;
    is_.volume_seen = allocator_.volume();
    allocator_.forget_refusal();
    watch(L);
}

void Budget::watch(lua_State* L) { lua_sethook(L, &Budget::hook, LUA_MASKCOUNT, step); }

bool Budget::carry_over(lua_State* L, std::int64_t spent) {
    is_.left -= spent;
    if (is_.left > 0) return true;
    is_.over = true;
    is_.kind = FailureKind::instructions;
    note_place(L);
    return false;
}

void Budget::restore(const State& state) {
    is_ = state;
    is_.volume_seen = allocator_.volume();  // the other one has paid for its own
    allocator_.forget_refusal();
}

bool Budget::take(lua_State* L, std::int64_t units) {
    if (is_.over) return false;
    const std::int64_t volume = allocator_.volume();
    is_.left -= units + (volume - is_.volume_seen) / memory_bytes_a_unit;
    is_.volume_seen = volume;
    if (is_.left >= 0 && !allocator_.refused()) return true;
    is_.over = true;
    is_.kind = allocator_.refused() ? FailureKind::memory : FailureKind::instructions;
    note_place(L);
    return false;
}

void Budget::note_place(lua_State* L) {
    lua_Debug at;
    for (int level = 0; lua_getstack(L, level, &at) == 1; ++level) {
        lua_getinfo(L, "Sl", &at);
        if (at.currentline <= 0) continue;
        is_.file = at.source[0] == '@' ? at.source + 1 : at.short_src;
        is_.line = at.currentline;
        return;
    }
}

std::string Budget::message() const {
    if (is_.kind == FailureKind::memory) return memory_message();
    return "used up its " + std::to_string(is_.given) +
           " instructions without a wait that lets time pass; is there a loop without an end?";
}

std::string Budget::memory_message() {
    return "not enough memory: an interaction's strategy may hold only so many bytes; keep less, or raise "
           "the setting scripts.memory_per_interaction_kib";
}

void Budget::hook(lua_State* L, lua_Debug*) {
    Budget& self = generation_of(L).budget;
    if (self.take(L, self.is_.over ? 0 : step * self.allocator_.instruction_price())) return;
    if (lua_isyieldable(L) != 0) {
        lua_yield(L, 0);  // in a hook this only marks; the interpreter yields when the hook has returned
        return;
    }
    lua_sethook(L, &Budget::hook, LUA_MASKCOUNT, 1);
    self.is_.thrown_by_hook = true;
    luaL_error(L, "%s", self.message().c_str());
}

void Budget::spend(lua_State* L, std::int64_t units) {
    if (!take(L, units)) stop(L);
}

void Budget::stop(lua_State* L) {
    if (lua_isyieldable(L) != 0) {
        lua_yield(L, 0);
    } else {
        lua_sethook(L, &Budget::hook, LUA_MASKCOUNT, 1);
        luaL_error(L, "%s", message().c_str());
    }
    std::abort();  // both of them throw
}

}  // namespace trunkline::scripting
