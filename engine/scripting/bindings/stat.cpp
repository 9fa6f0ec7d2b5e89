// stat.get: live figures by Stat Server's names; stat.ewt: what routing itself expects.
#include <array>

#include "engine/scripting/arguments.hpp"
#include "engine/scripting/binding.hpp"
#include "engine/scripting/bindings/ix_route.hpp"
#include "engine/scripting/trampoline.hpp"

namespace trunkline::scripting {
namespace {

using routing::Target;

int expected_wait(Call& call) {
    const std::optional<routing::Target> target = target_at(call.L, 1);
    if (!target)
        refuse(call,
               std::string("a target is expected, as in stat.ewt(target.skill \"billing >= 5\"), got ") +
                   luaL_typename(call.L, 1));
    const std::optional<Duration> wait = call.port().expected_wait(call.id(), *target);
    if (wait)
        lua_pushnumber(call.L, to_seconds(*wait));
    else
        lua_pushnil(call.L);
    return 1;
}

// A target, or its text: "type:name", or a name.
std::string object_argument(const Call& call, int index) {
    if (const std::optional<Target> target = target_at(call.L, index)) return routing::to_text(*target);
    return text_argument(call, index, "the object (a target, or a text such as \"queue:VQ_billing\")");
}

// What Stat Server's requests carry besides, as far as it is here.
void check_options(const Call& call, int index) {
    if (lua_isnoneornil(call.L, index)) return;
    const NamedArguments given(call, index, {"filter", "profile"});
    if (given.text("filter"))
        refuse(call, "filters are not in this version of Trunkline: the figure counts every medium");
    if (const auto profile = given.text("profile"); profile && *profile != "Default")
        refuse(call,
               "of the time profiles only \"Default\" (since midnight) is in this version of Trunkline");
}

int push_figure(lua_State* L, const statistics::Figure& figure) {
    if (const auto* count = std::get_if<std::int64_t>(&figure))
        lua_pushinteger(L, *count);
    else if (const auto* number = std::get_if<double>(&figure))
        lua_pushnumber(L, *number);
    else if (const auto* word = std::get_if<std::string>(&figure))
        lua_pushlstring(L, word->data(), word->size());
    else
        lua_pushnil(L);
    return 1;
}

int get_statistic(Call& call) {
    const std::string object = object_argument(call, 1);
    const std::string name = text_argument(call, 2, "the name of a statistic");
    check_options(call, 3);
    const auto figure = call.port().statistic(call.id(), object, name);
    if (figure) return push_figure(call.L, *figure);
    if (figure.error().code != ErrorCode::dn_not_configured) refuse(call, figure.error().message);
    lua_pushnil(call.L);
    lua_pushlstring(call.L, figure.error().message.data(), figure.error().message.size());
    return 2;
}

constexpr std::array<Parameter, 3> parameters_of_get{
    {{"object", "trunkline.Target|string", "a target, or a text: \"type:name\", or a name"},
     {"statistic", "string", "its name in Stat Server, as docs/statistics.md lists them"},
     {"options", "{profile: string?}?", "profile \"Default\": since midnight of the tenant's clocks"}}};
constexpr std::array<Parameter, 1> of_target{{{"target", "trunkline.Target", "whom one would wait for"}}};
const std::array<Binding, 2> stat_table{{
    {"get", trampoline<get_statistic>, Context::strategy, false,
     "stat.get(object, statistic, {profile=text?}?) -> value | nil",
     "a live statistic by its Stat Server name; nil while too little is known", parameters_of_get,
     Takes::in_order, "number|string|nil, string?",
     "nil and a message where there is no such object; an unknown statistic, or one of other objects, is an "
     "error"},
    {"ewt", trampoline<expected_wait>, Context::strategy, false, "stat.ewt(target) -> seconds | nil",
     "how long somebody who comes now would wait for this target; nil while too little is known", of_target,
     Takes::in_order, "number?", ""},
}};

}  // namespace

std::span<const Binding> stat_rows() { return stat_table; }

}  // namespace trunkline::scripting
