#include "engine/scripting/binding.hpp"

#include "engine/scripting/trampoline.hpp"

namespace trunkline::scripting {
namespace {

// A script that goes on waiting for a customer who left is told so this many times more, then closed
// (contract: Interaction).
constexpr int calls_after_abandoned_at_most = 3;
constexpr std::int64_t instructions_a_call = 50;

const BindingGroup* group_of(const Binding* row) {
    for (const BindingGroup& group : binding_groups())
        if (row >= group.rows.data() && row < group.rows.data() + group.rows.size()) return &group;
    return nullptr;
}

}  // namespace

Call::Call(lua_State* state)
    : L(state),
      row(static_cast<const Binding*>(lua_touserdata(state, lua_upvalueindex(1)))),
      generation(generation_of(state)) {}

bool Call::is_method() const {
    const BindingGroup* group = row == nullptr ? nullptr : group_of(row);
    return group != nullptr && group->methods;
}

std::string Call::name() const {
    if (row == nullptr) return "ix";
    const BindingGroup* group = group_of(row);
    if (group == nullptr) return row->name;
    return std::string(group->name) + (group->methods ? ":" : ".") + row->name;
}

int Call::wait(Wait what, lua_KFunction after) const {
    RunState& mine = run();
    if (mine.abandoned) {
        if (++mine.calls_after_abandoned > calls_after_abandoned_at_most) {
            mine.given_up = true;
            return lua_yield(L, 0);
        }
        lua_pushnil(L);
        lua_pushliteral(L, "abandoned");
        return 2;
    }
    mine.wait = std::move(what);
    return lua_yieldk(L, 0, 0, after);
}

void Call::trace(const std::string& detail_json, TraceLevel level) const {
    const Place at = place_of(L);
    port().trace(id(), level, at.file, at.line, row == nullptr ? "" : row->name, detail_json);
}

Place place_of(lua_State* L, int level) {
    lua_Debug at;
    for (; lua_getstack(L, level, &at) == 1; ++level) {
        lua_getinfo(L, "Sl", &at);
        if (at.currentline > 0) return {at.source[0] == '@' ? at.source + 1 : at.short_src, at.currentline};
    }
    return {};
}

void push_error(lua_State* L, const char* what) {
    luaL_where(L, 1);
    lua_pushstring(L, what);
    lua_concat(L, 2);
}

void check_context(const Call& call) {
    if (call.row == nullptr) return;
    // What a call leaves with the engine (rows, effects) grows outside of the script's own memory.
    call.generation.budget.spend(call.L, instructions_a_call);
    if (call.row->context == Context::strategy &&
        (call.generation.run == nullptr || call.generation.port == nullptr))
        throw std::runtime_error(
            call.name() +
            " needs an interaction: call it inside the strategy's function, not while a file loads "
            "or in a capacity, presence or statistics function");
    if (call.is_method()) check_ix(call, 1);
    if (call.row->may_wait && lua_isyieldable(call.L) == 0)
        throw std::runtime_error(
            call.name() +
            " waits, which is not possible inside a comparison of table.sort, a replacement of string.gsub, "
            "a metamethod called by a library function, or a <close> variable: call it before or after");
}

void push_binding(lua_State* L, const Binding& row) {
    lua_pushlightuserdata(L, const_cast<Binding*>(&row));  // NOLINT: Lua keeps it, nobody writes through it
    lua_pushcclosure(L, row.function, 1);
}

}  // namespace trunkline::scripting
