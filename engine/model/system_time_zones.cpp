// The zones of the system's tzdata through the date library; the only place that knows it.
#include <date/tz.h>

#include "engine/model/time_zone.hpp"

namespace trunkline::model {
namespace {

using std::chrono::sys_seconds;

// Before 1970 no interaction is looked at; the library has no changes beyond 2037, when the last rule of
// each place is in force for ever.
const sys_seconds first = std::chrono::sys_days(std::chrono::year(1970) / 1 / 1);
const sys_seconds last = std::chrono::sys_days(std::chrono::year(2100) / 1 / 1);

TimeZone converted(const date::time_zone& zone) {
    std::vector<TimeZone::Period> periods;
    for (sys_seconds at = first; at < last;) {
        const date::sys_info info = zone.get_info(at);
        periods.push_back({at, info.offset, info.save != std::chrono::minutes(0), info.abbrev});
        if (info.end <= at) break;
        at = info.end;
    }
    return {zone.name(), std::move(periods)};
}

std::vector<TimeZone> read() {
    std::vector<TimeZone> zones;
    try {
        for (const date::time_zone& zone : date::get_tzdb().zones) zones.push_back(converted(zone));
    } catch (const std::exception&) {
        // No tzdata: every other name is then refused by check(site) with the words that say what to do.
    }
    return zones;
}

}  // namespace

const TimeZones& system_time_zones() {
    static const TimeZones zones(read());
    return zones;
}

}  // namespace trunkline::model
