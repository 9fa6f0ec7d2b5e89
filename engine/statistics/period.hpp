// The time that growing statistics count: a day of the tenant's clocks, from midnight to midnight
// ("Default,Growing" of Stat Server's time profiles). Plain values; any thread.
#pragma once

#include <algorithm>

#include "engine/base/time.hpp"
#include "engine/model/time_zone.hpp"

namespace trunkline::statistics {

struct Period {
    TimePoint begin, end;

    [[nodiscard]] bool holds(TimePoint at) const { return begin <= at && at < end; }
    /// What of the stay from `from` to `to` lies in it.
    [[nodiscard]] Duration share_of(TimePoint from, TimePoint to) const {
        return std::max(std::min(to, end) - std::max(from, begin), Duration::zero());
    }
};

/// The day of `zone` that holds `at`; 23 or 25 hours long where the clocks change.
[[nodiscard]] Period day_of(const model::TimeZone& zone, TimePoint at);

}  // namespace trunkline::statistics
