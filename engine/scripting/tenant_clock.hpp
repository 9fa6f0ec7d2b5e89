// What time it is for the script that runs: the engine's now, and the clocks of its interaction's tenant.
// Called from inside Lua; raises no Lua error.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/model/time_zone.hpp"
#include "engine/scripting/generation.hpp"

namespace trunkline::scripting {

/// In seconds since 1970, both included: the years 0 to 9999, about which std::chrono and std::tm agree.
inline constexpr std::int64_t earliest_moment = -62'167'219'200, latest_moment = 253'402'300'799;

/// None while loading and in functions without an interaction: two of them would not agree about it.
[[nodiscard]] inline std::optional<TimePoint> now_of(const BuiltGeneration& generation) {
    if (generation.port == nullptr || generation.run == nullptr) return std::nullopt;
    return generation.port->now();
}

/// The tenant's; UTC without an interaction, as what loads then is shared by all tenants.
[[nodiscard]] inline const model::TimeZone& zone_of(const BuiltGeneration& generation) {
    if (generation.port == nullptr || generation.run == nullptr) return model::system_time_zones().utc();
    return generation.port->time_zone(generation.run->id);
}

}  // namespace trunkline::scripting
