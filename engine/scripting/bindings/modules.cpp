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

constexpr auto in_strategy = Context::strategy;
const std::array<Binding, 4> log_group{{
    {"debug", trampoline<log_at_level>, in_strategy, false, "log.debug(...)", "to the log, for developers"},
    {"info", trampoline<log_at_level>, in_strategy, false, "log.info(...)", "to the log; print is the same"},
    {"warn", trampoline<log_at_level>, in_strategy, false, "log.warn(...)",
     "to the log: somebody should look at it"},
    {"error", trampoline<log_at_level>, in_strategy, false, "log.error(...)", "to the log: something failed"},
}};
const std::array<Binding, 2> config_group{{
    {"option", trampoline<config_option>, in_strategy, false,
     "config.option(object, section, key) -> text | nil", "an annex option"},
    {"list", trampoline<config_list>, in_strategy, false, "config.list(name, key) -> text | nil",
     "an entry of a list object"},
}};
}  // namespace

std::span<const Binding> log_rows() { return log_group; }
std::span<const Binding> config_rows() { return config_group; }

}  // namespace trunkline::scripting
