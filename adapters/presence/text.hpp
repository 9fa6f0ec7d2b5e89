// Words of a stranger's document on their way into a value or a message. Pure functions, any thread; nothing
// throws.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"

namespace trunkline::presence {

/// Without the white space of XML around it.
[[nodiscard]] std::string_view trimmed(std::string_view text);
/// ASCII letters in lower case.
[[nodiscard]] std::string lower(std::string_view text);

/// Whether it is UTF-8 of characters that XML 1.0 2.2 allows: of the control characters only tab, CR and LF.
[[nodiscard]] bool is_xml_text(std::string_view text);

/// One printable line of valid UTF-8, at most `longest` bytes and cut between characters: white space and
/// control characters become single blanks, none at the ends; what is no UTF-8 becomes U+FFFD.
[[nodiscard]] std::string one_line(std::string_view text, std::size_t longest);

/// A whole number that is nothing else, 0 to `greatest`, with white space around it.
[[nodiscard]] std::optional<int> number(std::string_view text, int greatest);

/// An error in words, with some 30 characters of `excerpt` at most: enough to know the sender's mistake by.
[[nodiscard]] Error refusal(std::string words, std::string_view excerpt = {});

}  // namespace trunkline::presence
