// All that is wrong with a site, at once, each with the path inside the file: `trunkctl import` and `check`
// print it. A pure function of its arguments; any thread.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/site.hpp"

namespace trunkline::model {

struct Finding {
    enum class Severity { error, warning };
    Severity severity = Severity::error;
    std::string path;     // e.g. switches[sip_switch].dns[1111].type
    std::string message;  // what is wrong and what would be right
    bool operator==(const Finding&) const = default;
};

/// What the script folders hold; a set that is absent is not checked against.
struct KnownScripts {
    std::optional<std::set<std::string>> strategies;      // names of strategies
    std::optional<std::set<std::string>> capacity_rules;  // names of files in scripts/capacity
    std::optional<std::set<std::string>> chat_rules;      // those of them that ever allow a chat
};

/// Errors: names that lead nowhere, doubles, unknown types, bad skill expressions, options of the wrong kind.
/// Warnings: an agent with a multimedia DN whom no capacity rule lets have a chat, options that look
/// misspelt.
[[nodiscard]] std::vector<Finding> check(const Site&);

/// The same, and a warning for each strategy and capacity rule that the scripts do not have.
[[nodiscard]] std::vector<Finding> check(const Site&, const KnownScripts&);

/// Whether an object may have this name: 1 to 255 bytes, no control characters, no blanks at the ends.
[[nodiscard]] bool is_name(std::string_view);

}  // namespace trunkline::model
