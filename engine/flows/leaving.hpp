// What has left the configuration while it was in use: a DN, an agent, his login. It stays as it was until
// nothing that began before lives on it, and nothing new begins there. Engine thread; cannot fail.
#pragma once

#include "engine/flows/core.hpp"
#include "engine/model/leaving.hpp"

namespace trunkline::flows {

/// The DNs, agents and logins on which interactions live.
[[nodiscard]] model::InUse objects_in_use(const Core&);

/// A party goes from this DN: where it is leaving, settle() looks whether it can go.
void note_end_at(Core&, DnId, PersonId);

/// At the end of a command: what has left goes once nothing lives on it. True where the configuration in
/// force has changed by that.
bool let_go(Core&);

}  // namespace trunkline::flows
