#include "engine/statistics/period.hpp"

namespace trunkline::statistics {

Period day_of(const model::TimeZone& zone, TimePoint at) {
    using std::chrono::days;
    using std::chrono::floor;
    const auto day = floor<days>(zone.to_local(floor<seconds>(at)));
    const auto midnight = [&](auto date) { return TimePoint(zone.to_system(model::LocalSeconds(date))); };
    return {midnight(day), midnight(day + days(1))};
}

}  // namespace trunkline::statistics
