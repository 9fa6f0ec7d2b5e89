// Lua values on one side, the engine's on the other: user data, JSON, answers, and how a value reads as text
// without giving an address away. Called from inside Lua; mistakes are std::runtime_error, naming the key.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <lua.hpp>
#include <string>

#include "engine/base/kv_list.hpp"
#include "engine/scripting/port.hpp"
#include "engine/scripting/run_state.hpp"

namespace trunkline::scripting {

/// Every userdata that scripts see begins with this.
struct ValueHead {
    std::uint64_t serial;
};

/// What tostring gives: without the address that Lua would print.
void push_text_of(lua_State* L, int index);
[[nodiscard]] std::string text_of(lua_State* L, int index);
/// All arguments from `first` on, with a blank between them, as print writes them.
[[nodiscard]] std::string texts_from(lua_State* L, int first);

/// A string, an integer or a list; other scalars become strings. `key` names it in messages.
[[nodiscard]] KvValue kv_value(lua_State* L, int index, const std::string& key);
/// The pairs of a table in the order of pairs().
[[nodiscard]] KvList kv_list(lua_State* L, int index);
/// Lists become read-only tables.
void push_kv(lua_State* L, const KvValue& value);

[[nodiscard]] boost::json::value json_of(lua_State* L, int index);
void push_json(lua_State* L, const boost::json::value& json);

/// What the waiting call returns for this answer; the number of values.
int push_answer(lua_State* L, RunState& run, const Answer& answer);

}  // namespace trunkline::scripting
