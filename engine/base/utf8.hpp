// The one check of UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing past U+10FFFF. Pure functions;
// NUL is a character here.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace trunkline {

/// How many bytes the character takes that `bytes` begin with; 0 where they begin with none.
[[nodiscard]] std::size_t utf8_length(std::string_view bytes);

[[nodiscard]] bool is_utf8(std::string_view bytes);

/// `bytes` with one U+FFFD for every sequence that is not UTF-8.
[[nodiscard]] std::string to_valid_utf8(std::string_view bytes);

}  // namespace trunkline
