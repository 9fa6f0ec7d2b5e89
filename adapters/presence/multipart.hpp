// multipart/related (RFC 2387), as far as batch subscriptions use it: flat parts, nothing packed. Any thread;
// views into the caller's bytes; nothing throws.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"

namespace trunkline::presence {

inline constexpr std::size_t most_parts = 128;

struct Part {
    std::string type;  // lower case: "application/pidf+xml"; "" where none is written
    std::string_view body;
};
/// The parts between the boundary's lines (RFC 2046 5.1.1); a last part without its end is one too. An error
/// where there is none, where there are more than `most_parts`, or where one is packed (base64,
/// quoted-printable).
[[nodiscard]] Result<std::vector<Part>> split_parts(std::string_view body, std::string_view boundary);

}  // namespace trunkline::presence
