// stat.ewt: the figures that routing itself knows at the moment.
#include <array>

#include "engine/scripting/arguments.hpp"
#include "engine/scripting/binding.hpp"
#include "engine/scripting/bindings/ix_route.hpp"
#include "engine/scripting/trampoline.hpp"

namespace trunkline::scripting {
namespace {

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

constexpr std::array<Parameter, 1> of_target{{{"target", "trunkline.Target", "whom one would wait for"}}};
const std::array<Binding, 1> rows{{
    {"ewt", trampoline<expected_wait>, Context::strategy, false, "stat.ewt(target) -> seconds | nil",
     "how long somebody who comes now would wait for this target; nil while too little is known", of_target,
     Takes::in_order, "number?", ""},
}};

}  // namespace

std::span<const Binding> stat_rows() { return rows; }

}  // namespace trunkline::scripting
