// What a strategy asks of routing and what it gets back (contracts/lua-api.md: ix:route, Targets).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/base/time.hpp"

namespace trunkline::routing {

enum class TargetKind { agent, group, place, place_group, skill, queue, dn };

struct Target {
    TargetKind kind = TargetKind::group;
    std::string name;  // object name, DN number, or the canonical skill expression
    friend auto operator<=>(const Target&, const Target&) = default;
};

/// "group:All_Agents", "skill:billing >= 5": the key of indexes and the text in records.
[[nodiscard]] std::string to_text(const Target&);

struct RouteRequest {
    std::vector<Target> targets;
    Duration timeout{};  // zero: wait without end
    std::string statistic = "StatTimeInReadyState";
    std::optional<int> priority;  // none: the interaction's own
    std::string virtual_queue;    // "" where none
    std::vector<int> weights;     // one a target, for "Percentage"; empty: equal shares
    bool inline_statistic =
        false;             // the script gave a function: asked through the host, for this request only
    bool on_wait = false;  // the script gave a busy treatment, begun when nobody is able at once
    bool explain = false;
    std::string file;  // where the script called
    int line = 0;
};

struct RouteResult {
    std::string agent;  // user_name; "" where the DN rang without one
    std::string dn;
    std::string place;
    std::string target;  // to_text of the target that won
    Duration waited{};
};

/// timeout, abandoned, no_target, rejected: the reason strings of ix:route.
enum class RouteFailure { timeout, abandoned, no_target, rejected };
[[nodiscard]] std::string_view to_text(RouteFailure);

}  // namespace trunkline::routing
