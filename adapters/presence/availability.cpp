#include "adapters/presence/availability.hpp"

#include <array>

namespace trunkline::presence {
namespace {

struct Range {
    int from = 0;
    Basic basic = Basic::open;
    std::array<std::string_view, 2> activities{};
};

/// MS-PRES, state category; the last range that begins at or before the number counts.
constexpr std::array<Range, 8> ranges{{
    {.from = 0},
    {.from = 4500, .activities = {"idle"}},
    {.from = 6000, .activities = {"busy"}},
    {.from = 7500, .activities = {"busy", "idle"}},
    {.from = 9000, .activities = {"dnd"}},
    {.from = 12'000, .activities = {"be-right-back"}},
    {.from = 15'000, .activities = {"away"}},
    {.from = 18'000, .basic = Basic::closed},
}};

}  // namespace

void set_availability(Presence& presence, int availability) {
    presence.source = Source::ocs;
    presence.availability = availability;
    const Range* in = &ranges.front();
    for (const Range& one : ranges)
        if (availability >= one.from) in = &one;
    presence.basic = in->basic;
    for (const std::string_view word : in->activities) add_activity(presence, word);
}

}  // namespace trunkline::presence
