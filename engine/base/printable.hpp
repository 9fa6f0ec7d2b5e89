// Foreign words on their way to a person: a log or a terminal. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace trunkline {

/// Whether nothing in `text` begins a line or steers a terminal.
[[nodiscard]] bool is_printable(std::string_view text);
/// `text` with its control characters written out: \x0a. UTF-8 stays; of it the second block of control
/// characters (U+0080 to U+009F) is written out too, because terminals obey it.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace trunkline
