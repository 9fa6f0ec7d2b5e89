// Names that a person may have meant, for error messages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trunkline {

/// Of `known`, those at most `letters` away from `wrong`, the nearest first: "; did you mean A or B?", or ""
/// where none is near. 0 letters: two, more where the name is long.
[[nodiscard]] std::string did_you_mean(std::string_view wrong, const std::vector<std::string_view>& known,
                                       std::size_t letters = 0);

}  // namespace trunkline
