// The statistics that can be asked for, by the names of Stat Server and of Universal Routing, one row each:
// whom it is about, its unit, what it means, and how it is made of the figures. Extending = a row and a test.
// Pure functions; any thread that may read the figures.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/statistics/agent_figures.hpp"
#include "engine/statistics/queue_figures.hpp"

namespace trunkline::statistics {

/// What is asked about. An agent has himself; a group, place, queue or tenant its agents; a queue its stays
/// as well.
struct Subject {
    std::vector<const AgentFigures*> agents;  // a null one has not been seen: logged out
    const QueueFigures* queue = nullptr;      // null: nobody has entered it
    bool is_queue = false;
    bool is_agent = false;
    Period day;
    TimePoint now;
};

/// Nothing where too little is known; a count; seconds or percent; a word.
using Figure = std::variant<std::monostate, std::int64_t, double, std::string>;

enum class About { agent, agents, queue };
[[nodiscard]] std::string_view to_text(About);

struct StatisticRow {
    std::string_view name;
    std::array<std::string_view, 3> other_names;  // of routing; "" for none
    About about;
    std::string_view unit;  // "seconds", "percent", "" for counts and words
    std::string_view meaning;
    Figure (*figure)(const Subject&);
};

/// What somebody who asked is told.
struct Answer {
    std::string object, type, tenant;
    const StatisticRow* statistic = nullptr;
    Figure value;
};

[[nodiscard]] std::span<const StatisticRow> catalogue();
/// By any of its names; null where there is none.
[[nodiscard]] const StatisticRow* statistic_named(std::string_view name);
/// The main names.
[[nodiscard]] std::vector<std::string_view> statistic_names();
/// Whether this statistic can be asked about such a subject.
[[nodiscard]] bool applies(const StatisticRow&, const Subject&);

}  // namespace trunkline::statistics
