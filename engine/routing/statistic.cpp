#include "engine/routing/statistic.hpp"

#include <array>

namespace trunkline::routing {
namespace {

struct Name {
    std::string_view text;
    StatisticKind kind;
    bool takes_argument = false;
};
constexpr std::array names{
    Name{"StatTimeInReadyState", StatisticKind::time_in_ready_state},
    Name{"StatAgentLoading", StatisticKind::loading},
    Name{"StatAgentLoadingMedia", StatisticKind::loading_media},
    Name{"RStatRoundRobin", StatisticKind::round_robin},
    Name{"StatAgentSkill:", StatisticKind::skill, true},
    Name{"Percentage", StatisticKind::percentage},
    Name{"Random", StatisticKind::random},
    Name{"lua:", StatisticKind::script, true},
};

}  // namespace

std::optional<Statistic> Statistic::parse(std::string_view name) {
    for (const Name& known : names) {
        if (!known.takes_argument && name == known.text) return Statistic{known.kind, {}};
        if (known.takes_argument && name.starts_with(known.text) && name.size() > known.text.size())
            return Statistic{known.kind, std::string(name.substr(known.text.size()))};
    }
    return std::nullopt;
}

std::string_view known_statistics() {
    return "StatTimeInReadyState, StatAgentLoading, StatAgentLoadingMedia, RStatRoundRobin, "
           "StatAgentSkill:<skill>, Percentage, Random and lua:<name of a file in scripts/statistics>";
}

}  // namespace trunkline::routing
