// IBM Sametime's status words, as they are on its wire. Pure; any thread.
#pragma once

#include <string_view>

#include "adapters/presence/presence.hpp"

namespace trunkline::presence {

/// Closed for 0 (offline) and -32768 (unknown to the server). Active (32) has no activity, nor has active on
/// a mobile client (544: 512 is the mobile client's mark); 64 is idle, 96 away, 128 dnd, 8 a meeting, 512
/// alone mobile. Any other word is open with the activity "other" (RFC 4480 3.2). The word itself stays in
/// `status`.
[[nodiscard]] Presence read_sametime(std::string_view entity, int status, std::string_view note);

}  // namespace trunkline::presence
