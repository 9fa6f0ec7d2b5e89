// A request target ("/api/v1/trace/42?json=1") taken apart and decoded (RFC 3986 2.1, 3.3, 3.4). Pure
// functions.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkline::http {

struct Target {
    std::vector<std::string> segments;  // decoded; none for "/"
    std::string path;                   // decoded
    std::map<std::string, std::string> query;
};

/// None where it is not an origin-form target, has a broken percent sign, or a zero byte.
[[nodiscard]] std::optional<Target> parse_target(std::string_view);

/// Percent-decoding; `plus_is_blank` for queries.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view, bool plus_is_blank = false);
/// Everything but unreserved characters as %XX, for clients that build targets.
[[nodiscard]] std::string percent_encode(std::string_view);

}  // namespace trunkline::http
