// All that is wrong with a site, at once, each with the path inside the file: `trunkctl import` and `check` print it.
#pragma once

#include <string>
#include <vector>

#include "engine/model/site.hpp"

namespace trunkline::model {

struct Finding {
    enum class Severity { error, warning };
    Severity severity = Severity::error;
    std::string path;     // e.g. switches[sip_switch].dns[1111].type
    std::string message;  // what is wrong and what would be right
};

/// Errors: names that lead nowhere, doubles, unknown types, bad skill expressions, options of the wrong kind.
/// Warnings: an agent with a multimedia DN whom no capacity rule lets have a chat.
[[nodiscard]] std::vector<Finding> check(const Site&);

}  // namespace trunkline::model
