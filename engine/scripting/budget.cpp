#include "engine/scripting/budget.hpp"

#include "engine/scripting/generation.hpp"

namespace trunkline::scripting {
namespace {
// Copying this many bytes takes about as long as one instruction.
constexpr std::int64_t bytes_a_unit = 64;
}  // namespace

void Budget::start(lua_State* L, std::int64_t instructions) {
    given_ = left_ = instructions;
    volume_seen_ = allocator_.volume();
    allocator_.forget_refusal();
    over_ = thrown_by_hook_ = false;
    kind_ = FailureKind::instructions;
    file_.clear();
    line_ = 0;
    lua_sethook(L, &Budget::hook, LUA_MASKCOUNT, step);
}

bool Budget::take(lua_State* L, std::int64_t units) {
    if (over_) return false;
    const std::int64_t volume = allocator_.volume();
    left_ -= units + (volume - volume_seen_) / bytes_a_unit;
    volume_seen_ = volume;
    if (left_ >= 0 && !allocator_.refused()) return true;
    over_ = true;
    kind_ = allocator_.refused() ? FailureKind::memory : FailureKind::instructions;
    note_place(L);
    return false;
}

void Budget::note_place(lua_State* L) {
    lua_Debug at;
    for (int level = 0; lua_getstack(L, level, &at) == 1; ++level) {
        lua_getinfo(L, "Sl", &at);
        if (at.currentline <= 0) continue;
        file_ = at.source[0] == '@' ? at.source + 1 : at.short_src;
        line_ = at.currentline;
        return;
    }
}

std::string Budget::message() const {
    if (kind_ == FailureKind::memory) return memory_message();
    return "used up its " + std::to_string(given_) +
           " instructions without waiting; is there a loop without an end?";
}

std::string Budget::memory_message() {
    return "not enough memory: an interaction's strategy may hold only so many bytes; keep less, or raise "
           "the setting";
}

void Budget::hook(lua_State* L, lua_Debug*) {
    Budget& self = generation_of(L).budget;
    if (self.take(L, self.over_ ? 0 : step)) return;
    if (lua_isyieldable(L) != 0) {
        lua_yield(L, 0);  // in a hook this only marks; the interpreter yields when the hook has returned
        return;
    }
    lua_sethook(L, &Budget::hook, LUA_MASKCOUNT, 1);
    self.thrown_by_hook_ = true;
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
