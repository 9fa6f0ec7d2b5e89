// Time as the engine sees it: microseconds since 1970-01-01 UTC, always handed in, never read.
#pragma once

#include <chrono>
#include <cstdint>

namespace trunkline {

using Duration = std::chrono::microseconds;
using TimePoint = std::chrono::sys_time<Duration>;

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Seconds with a fraction, the unit of the Lua API and of reports.
[[nodiscard]] inline double to_seconds(Duration d) { return static_cast<double>(d.count()) / 1e6; }
[[nodiscard]] inline Duration from_seconds(double s) { return Duration(static_cast<std::int64_t>(s * 1e6)); }

}  // namespace trunkline
