// Why this agent: the outcome of one routing decision and what its record says.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/ids.hpp"

namespace trunkline::routing {

struct Choice {
    DnId dn;
    PersonId agent;
    std::string target;            // canonical text of the target that won
    std::optional<double> figure;  // the statistic's value; none for Random and for a first turn
    std::size_t candidates = 0;
    struct Other {
        PersonId agent;
        std::optional<double> figure;
    };
    std::vector<Other> next_best;                  // at most 20
    std::map<std::string, std::size_t> ruled_out;  // reason -> count
    std::map<std::string, std::string> named;      // user_name -> reason; single targets, or where explained
    std::size_t inline_asked = 0;                  // a function of the request was asked for so many,
    std::size_t inline_not_asked = 0;              // and not for so many others
    // For Router::offered.
    std::size_t pool = 0;      // which of the interaction's
    std::vector<bool> shared;  // "Percentage": the targets that had an able agent
};

}  // namespace trunkline::routing
