// The numbers of MS-PRES: an availability is a place on a scale from available (3000) to offline (18000), in
// ranges whose upper half may mean the same but idle. Pure; any thread.
#pragma once

#include <string_view>

#include "adapters/presence/presence.hpp"

namespace trunkline::presence {

inline constexpr int greatest_availability = 99'999;

/// The numbers that clients publish: the middle of their range.
inline constexpr int is_available = 3500;
inline constexpr int is_idle = 5250;
inline constexpr int is_busy = 6500;
inline constexpr int is_right_back = 12'500;
inline constexpr int is_away = 15'500;
inline constexpr int is_offline = 18'500;

/// Sets `source`, `availability` and `basic` (closed from 18000 on), and adds to the activities what the
/// number's range says: from 4500 idle, 6000 busy, 7500 busy and idle, 9000 dnd, 12000 be-right-back, 15000
/// away; below 4500 nothing.
void set_availability(Presence&, int availability);

}  // namespace trunkline::presence
