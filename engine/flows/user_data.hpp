// Attached data of an interaction: changes, their rows and their event.
#pragma once

#include "engine/flows/call_events.hpp"

namespace trunkline::flows {

/// AttachUserData keeps earlier pairs of a key, UpdateUserData replaces them (facts.md 1.2).
enum class Merge { add, update };

enum class Merged { nothing_new, changed };

/// What an interaction carries at most, the pairs of nested lists counted; every event about its data carries
/// all of it. A value takes the longest text that a customer can send. The keys that routing attaches are not
/// asked, they add a few hundred bytes.
inline constexpr std::size_t most_user_data_pairs = 1000;
inline constexpr std::size_t most_user_data_key = 255;
inline constexpr std::size_t most_user_data_value = std::size_t{64} * 1024;
inline constexpr std::size_t most_user_data_bytes = std::size_t{256} * 1024;

/// A pair whose value is an empty list is deleted (assigning nil in Lua). Error 53 where the data would grow
/// past one of the limits above; nothing has changed then.
[[nodiscard]] Result<Merged> merge_user_data(Core&, Interaction&, const KvList& pairs, Merge);
/// Of an interaction that is over, for its script alone: the same limits, no row and no event.
[[nodiscard]] Result<void> keep_user_data(Interaction& ended, const KvList& pairs);
void keep_user_data_without(Interaction& ended, std::string_view key);
/// Keys and values, those of nested lists too.
[[nodiscard]] std::size_t user_data_bytes(const KvList&);
/// True where the key was there.
bool delete_user_data(Core&, Interaction&, std::string_view key);
void clear_user_data(Core&, Interaction&);

}  // namespace trunkline::flows
