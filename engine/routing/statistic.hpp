// The figure by which the best of the able agents is chosen (contracts/lua-api.md, Targets): its name as a
// script writes it, read once into a kind and an argument. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trunkline::routing {

enum class StatisticKind {
    time_in_ready_state,  // longest idle
    loading,              // least interactions in hand, whatever their media
    loading_media,        // least interactions of the media that is routed
    round_robin,          // longest since this pool last offered something
    skill,                // best at the skill that `argument` names
    percentage,           // shares of traffic between the targets
    random,
    script,  // scripts/statistics/<argument>.lua
};

struct Statistic {
    StatisticKind kind = StatisticKind::time_in_ready_state;
    std::string argument;

    /// None where `name` is no statistic. Whether the skill or the script exists is not asked here.
    [[nodiscard]] static std::optional<Statistic> parse(std::string_view name);
    friend auto operator<=>(const Statistic&, const Statistic&) = default;
};

[[nodiscard]] inline bool known_statistic(std::string_view name) {
    return Statistic::parse(name).has_value();
}
/// The end of a sentence "... is not known; known are ".
[[nodiscard]] std::string_view known_statistics();

}  // namespace trunkline::routing
