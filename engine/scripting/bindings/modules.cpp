// The small groups: log and config.
#include <array>

#include "engine/scripting/arguments.hpp"
#include "engine/scripting/binding.hpp"
#include "engine/scripting/trampoline.hpp"
#include "engine/scripting/values.hpp"

namespace trunkline::scripting {
namespace {

int log_at_level(Call& call) {
    call.port().log(call.id(), call.row->name, texts_from(call.L, 1));
    return 0;
}

// The value, nil where there is none of this key, or nil and a message where there is no such object.
int push_found(const Call& call, const ConfigValue& found, const std::string& object) {
    if (found.value) {
        lua_pushlstring(call.L, found.value->data(), found.value->size());
        return 1;
    }
    lua_pushnil(call.L);
    if (found.object) return 1;
    const std::string message = "there is no " + object + " in this tenant";
    lua_pushlstring(call.L, message.data(), message.size());
    return 2;
}

int config_option(Call& call) {
    const std::string object = text_argument(call, 1, "the object's name");
    const std::string section = text_argument(call, 2, "the section");
    return push_found(call, call.port().option(call.id(), object, section, text_argument(call, 3, "the key")),
                      "object '" + object + "'");
}

int config_list(Call& call) {
    const std::string list = text_argument(call, 1, "the list's name");
    return push_found(call, call.port().list_entry(call.id(), list, text_argument(call, 2, "the key")),
                      "list '" + list + "'");
}

constexpr std::array<Parameter, 1> for_log_module{{{"...", "any", "written with blanks between them"}}};
const std::array<Binding, 4> log_group{{
    {"debug", trampoline<log_at_level>, in_strategy, false, "log.debug(...)", "to the log, for developers",
     for_log_module},
    {"info", trampoline<log_at_level>, in_strategy, false, "log.info(...)", "to the log; print is the same",
     for_log_module},
    {"warn", trampoline<log_at_level>, in_strategy, false, "log.warn(...)",
     "to the log: somebody should look at it", for_log_module},
    {"error", trampoline<log_at_level>, in_strategy, false, "log.error(...)", "to the log: something failed",
     for_log_module},
}};
constexpr std::array<Parameter, 3> for_option{
    {{"object", "string", "a name, or \"type:name\" with the types dn, agent, group, place, switch, tenant"},
     {"section", "string", "of the object's annex"},
     {"key", "string", "in the section"}}};
constexpr std::array<Parameter, 2> for_list{
    {{"name", "string", "of the list object"}, {"key", "string", "of the entry"}}};
const std::array<Binding, 2> config_group{{
    {"option", trampoline<config_option>, in_strategy, false,
     "config.option(object, section, key) -> text | nil, message?", "an annex option", for_option,
     Takes::in_order, "string?, string?",
     "nil where it is not set; nil and a message where there is no such object"},
    {"list", trampoline<config_list>, in_strategy, false, "config.list(name, key) -> text | nil, message?",
     "an entry of a list object", for_list, Takes::in_order, "string?, string?",
     "nil where the list has no such key; nil and a message where there is no such list"},
}};

}  // namespace

std::span<const Binding> log_rows() { return log_group; }
std::span<const Binding> config_rows() { return config_group; }

}  // namespace trunkline::scripting
