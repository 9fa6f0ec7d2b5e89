#include "engine/model/time_zone.hpp"

#include <algorithm>
#include <stdexcept>

namespace trunkline::model {

using std::chrono::seconds;
using std::chrono::sys_seconds;

TimeZone::TimeZone(std::string name, std::vector<Period> periods)
    : name_(std::move(name)), periods_(std::move(periods)) {
    if (periods_.empty()) throw std::invalid_argument("a time zone has at least one period");
}

const TimeZone::Period& TimeZone::at(sys_seconds when) const {
    const auto after = std::upper_bound(periods_.begin(), periods_.end(), when,
                                        [](sys_seconds t, const Period& p) { return t < p.begin; });
    return after == periods_.begin() ? periods_.front() : *std::prev(after);
}

LocalSeconds TimeZone::to_local(sys_seconds when) const {
    return LocalSeconds((when + at(when).offset).time_since_epoch());
}

sys_seconds TimeZone::to_system(LocalSeconds local, Twice twice) const {
    // No place is further than a day from UTC, so the periods a day before and after are all that matter.
    const sys_seconds as_utc(local.time_since_epoch());
    const seconds before = at(as_utc - std::chrono::days(1)).offset;
    const seconds after = at(as_utc + std::chrono::days(1)).offset;
    const sys_seconds early = as_utc - std::max(before, after);
    const sys_seconds late = as_utc - std::min(before, after);
    const bool early_is_right = to_local(early) == local, late_is_right = to_local(late) == local;
    if (early_is_right && late_is_right) return twice == Twice::first ? early : late;
    if (early_is_right) return early;
    if (late_is_right) return late;
    return as_utc - before;
}

TimeZones::TimeZones(std::vector<TimeZone> zones) {
    for (TimeZone& zone : zones) {
        std::string name = zone.name();
        zones_.emplace(std::move(name), std::move(zone));
    }
    zones_.emplace("UTC", TimeZone("UTC", {{sys_seconds(seconds(0)), seconds(0), false, "UTC"}}));
}

const TimeZone* TimeZones::find(std::string_view name) const {
    const auto found = zones_.find(name);
    return found == zones_.end() ? nullptr : &found->second;
}

}  // namespace trunkline::model
