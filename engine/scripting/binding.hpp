// What one function of the Lua API is, as a row of a table, and what it is given when a script calls it.
// Registration, the context check and the documentation derive from the rows. Extending the API = a row and a
// test.
#pragma once

#include <cstdint>
#include <lua.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scripting/generation.hpp"
#include "engine/scripting/port.hpp"

namespace trunkline::scripting {

enum class Context : std::uint8_t {
    anywhere,  // while loading and in functions without an interaction, too
    strategy,  // only while an interaction's strategy or treatment runs
};
inline constexpr Context anywhere = Context::anywhere, in_strategy = Context::strategy;

/// One argument, or one key of the table that a function takes by name. `type` is spelled as
/// lua-language-server has it; a "?" at its end says that it may be left out.
struct Parameter {
    const char* name;
    const char* type;
    const char* meaning;
};

/// How a function takes its parameters.
enum class Takes : std::uint8_t { in_order, by_name };

struct Binding {
    const char* name;
    lua_CFunction function;
    Context context;
    bool may_wait;
    const char* signature;
    const char* summary;
    // What docs/lua-api.md and the editor's stubs say besides.
    std::span<const Parameter> parameters = {};
    Takes takes = Takes::in_order;
    const char* returns = "";  // types as above, e.g. "string?, string?"
    const char* errors = "";   // what goes wrong besides a wrong type: reasons behind nil, and errors
};

/// A group of rows as scripts see it: a table (`module`), or the methods of `ix`.
struct BindingGroup {
    const char* name;
    bool methods;
    std::span<const Binding> rows;
    const char* source;   // the file that holds the rows
    const char* summary;  // one sentence for the documentation
    const char* example;  // a few lines of Lua
};

/// All groups, in the order in which the documentation lists them.
[[nodiscard]] std::span<const BindingGroup> binding_groups();

[[nodiscard]] std::span<const Binding> ix_rows();
[[nodiscard]] std::span<const Binding> target_rows();
[[nodiscard]] std::span<const Binding> log_rows();
[[nodiscard]] std::span<const Binding> config_rows();
[[nodiscard]] std::span<const Binding> stat_rows();
[[nodiscard]] std::span<const Binding> time_rows();
[[nodiscard]] std::span<const Binding> json_rows();
[[nodiscard]] std::span<const Binding> db_rows();
[[nodiscard]] std::span<const Binding> http_rows();

/// A field of ix, for the documentation; `type` as in Parameter.
struct FieldRow {
    const char* name;
    const char* type;
    const char* meaning;
};
[[nodiscard]] std::vector<FieldRow> ix_fields();

struct Call;

/// The metatables of the values that rows hand out.
void make_ix_metatables(lua_State* L);
void make_target_metatable(lua_State* L);
/// A new `ix` of the run on the stack.
void push_ix(lua_State* L);
/// Throws where the value at `index` is not the ix of the run that calls, or that ended its interaction.
void check_ix(const Call& call, int index);

/// One call of a binding. Lives on the stack of that call only.
struct Call {
    explicit Call(lua_State* state);

    lua_State* L;
    const Binding* row;  // none in a metamethod
    BuiltGeneration& generation;

    [[nodiscard]] RunState& run() const { return *generation.run; }
    [[nodiscard]] EnginePort& port() const { return *generation.port; }
    [[nodiscard]] CallUuid id() const { return generation.run->id; }
    /// "ix:route" or "target.group": how messages name the function.
    [[nodiscard]] std::string name() const;
    [[nodiscard]] bool is_method() const;
    /// Suspends the strategy; it goes on in `after`. Returns at once when the customer has left.
    int wait(Wait what, lua_KFunction after) const;
    /// One step of the interaction's trace, at the line of the script that called.
    void trace(const std::string& detail_json, TraceLevel level = TraceLevel::step) const;
};

/// The script's line that is running: the nearest Lua function on the stack; line 0 where there is none.
struct Place {
    std::string file;
    int line = 0;
};
[[nodiscard]] Place place_of(lua_State* L, int level = 1);

/// Pushes the function of a row.
void push_binding(lua_State* L, const Binding& row);

}  // namespace trunkline::scripting
