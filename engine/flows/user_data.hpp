// Attached data of an interaction: changes, their rows and their event.
#pragma once

#include "engine/flows/call_events.hpp"

namespace trunkline::flows {

/// AttachUserData keeps earlier pairs of a key, UpdateUserData replaces them (facts.md 1.2).
enum class Merge { add, update };

/// A pair whose value is an empty list is deleted (assigning nil in Lua). True where something changed.
bool merge_user_data(Core&, Interaction&, const KvList& pairs, Merge);
/// True where the key was there.
bool delete_user_data(Core&, Interaction&, std::string_view key);
void clear_user_data(Core&, Interaction&);

}  // namespace trunkline::flows
