// Names that a person may have meant, for error messages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trunkline::scripting {

/// Of `known`, those at most a few letters away from `wrong`, the nearest first: "; did you mean A or B?", or
/// "" where none is near.
[[nodiscard]] std::string did_you_mean(std::string_view wrong, const std::vector<std::string_view>& known);

}  // namespace trunkline::scripting
