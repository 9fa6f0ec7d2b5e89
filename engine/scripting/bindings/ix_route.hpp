// The routing methods of ix, apart from the rest for their arguments' sake.
#pragma once

#include "engine/agents/load.hpp"
#include "engine/scripting/binding.hpp"

namespace trunkline::scripting {

int route(Call& call);
int route_to(Call& call);
int default_route(Call& call);
/// A busy treatment has no interaction to route: its strategy does that already.
void refuse_in_on_wait(const Call& call);
/// Goes on after any wait: what the engine answered becomes the call's values.
int give_answer(Call& call, int status);
/// The target at `index`; none where the value is something else.
[[nodiscard]] std::optional<routing::Target> target_at(lua_State* L, int index);
/// What the last table of a target said: its share of the traffic, and the only media that it is meant for.
struct TargetOptions {
    std::optional<int> weight;
    std::optional<agents::Media> media;
};
/// Of the target at `index`, which must be one.
[[nodiscard]] TargetOptions target_options(lua_State* L, int index);

}  // namespace trunkline::scripting
