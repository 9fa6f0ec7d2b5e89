// The methods of ix besides the routing ones; the table of all of them is ix_rows.cpp.
#pragma once

#include "engine/scripting/binding.hpp"

namespace trunkline::scripting {

/// Pushes true: what a method gives back that has nothing to say.
int yes(lua_State* L);
/// The highest priority that a session can have; the lowest is as far below 0.
inline constexpr std::int64_t most_priority = 1'000'000;

// ix.cpp
int send_text(Call& call);
int receive_text(Call& call);
int sleep(Call& call);
int attach(Call& call);
int detach(Call& call);
int disconnect(Call& call);
int set_priority(Call& call);
int log(Call& call);
int treat(Call& call);
/// A treatment that is a method of its own: the name of the row.
int treat_by_own_name(Call& call);

// ix_waits.cpp
int queue(Call& call);
int dequeue(Call& call);
int increment_priority(Call& call);
int suspend_for_event(Call& call);
int route_by_client(Call& call);

}  // namespace trunkline::scripting
