#include "engine/scripting/arguments.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "engine/base/near_names.hpp"
#include "engine/scripting/read_only.hpp"

namespace trunkline::scripting {
namespace {

// "true" for true and not only "boolean": the mistake is then often plain to see.
std::string got(lua_State* L, int index) { return std::string(", got ") + luaL_typename(L, index); }

std::string to_text(lua_State* L, int index) {
    lua_pushvalue(L, index);  // lua_tolstring would turn a number in place
    std::size_t size = 0;
    const char* text = lua_tolstring(L, -1, &size);
    // It is copied out of the state, which costs the script nothing else.
    generation_of(L).budget.spend(L, static_cast<std::int64_t>(size / 16));
    std::string result(text, size);
    lua_pop(L, 1);
    return result;
}

Duration to_duration(const Call& call, int index, std::string_view what) {
    const double value = lua_tonumber(call.L, index);
    if (lua_type(call.L, index) != LUA_TNUMBER)
        refuse(call, std::string(what) + " must be a number of seconds" + got(call.L, index));
    if (!std::isfinite(value) || value < 0 || value > longest_seconds)
        refuse(call, std::string(what) + " must be from 0 to 2592000 seconds (30 days)");
    return std::max(from_seconds(value), Duration(1));
}

}  // namespace

void refuse(const Call& call, const std::string& why) { throw std::runtime_error(call.name() + ": " + why); }

std::string text_argument(const Call& call, int index, std::string_view what) {
    if (lua_isstring(call.L, index) == 0)
        refuse(call, std::string(what) + " must be a string" + got(call.L, index));
    return to_text(call.L, index);
}

std::int64_t integer_argument(const Call& call, int index, std::string_view what) {
    int whole = 0;
    const lua_Integer value = lua_tointegerx(call.L, index, &whole);
    if (whole == 0 || lua_type(call.L, index) != LUA_TNUMBER)
        refuse(call, std::string(what) + " must be an integer" + got(call.L, index));
    return value;
}

Duration seconds_argument(const Call& call, int index, std::string_view what) {
    return to_duration(call, index, what);
}

NamedArguments::NamedArguments(const Call& call, int index, std::initializer_list<std::string_view> known)
    : call_(call), index_(lua_absindex(call.L, index)) {
    lua_State* L = call.L;
    if (!lua_istable(L, index_))
        refuse(call, "a table of named values is expected, as in " + std::string(call.row->signature) +
                         got(L, index_));
    // Of several unknown keys always the same one is told, in whatever order the table has them.
    std::optional<std::string> unknown;
    push_contents(L, index_);  // a table of a library is read-only: what it shows counts
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        const std::string key = lua_isstring(L, -2) != 0 ? to_text(L, -2) : std::string(luaL_typename(L, -2));
        if (lua_type(L, -2) == LUA_TSTRING && std::find(known.begin(), known.end(), key) != known.end())
            continue;
        if (!unknown || key < *unknown) unknown = key;
    }
    lua_pop(L, 1);
    if (!unknown) return;
    std::string names;
    for (const std::string_view name : known) names += (names.empty() ? "" : ", ") + std::string(name);
    refuse(call, "unknown key '" + *unknown + "'; known are " + names + did_you_mean(*unknown, known));
}

bool NamedArguments::push(const char* key) const {
    if (lua_getfield(call_.L, index_, key) != LUA_TNIL) return true;
    lua_pop(call_.L, 1);
    return false;
}

std::optional<std::string> NamedArguments::text(const char* key) const {
    if (!push(key)) return std::nullopt;
    std::string value = text_argument(call_, -1, key);
    lua_pop(call_.L, 1);
    return value;
}

std::optional<std::int64_t> NamedArguments::integer(const char* key) const {
    if (!push(key)) return std::nullopt;
    const std::int64_t value = integer_argument(call_, -1, key);
    lua_pop(call_.L, 1);
    return value;
}

std::optional<Duration> NamedArguments::seconds(const char* key) const {
    if (!push(key)) return std::nullopt;
    const Duration value = seconds_argument(call_, -1, key);
    lua_pop(call_.L, 1);
    return value;
}

Duration NamedArguments::timeout() const {
    const Duration wait = seconds("timeout").value_or(outside_wait);
    if (wait > std::chrono::seconds(60)) refuse(call_, "timeout must be at most 60 seconds");
    return wait;
}

std::optional<bool> NamedArguments::boolean(const char* key) const {
    if (!push(key)) return std::nullopt;
    if (!lua_isboolean(call_.L, -1))
        refuse(call_, std::string(key) + " must be true or false" + got(call_.L, -1));
    const bool value = lua_toboolean(call_.L, -1) != 0;
    lua_pop(call_.L, 1);
    return value;
}

}  // namespace trunkline::scripting
