// Texts of strangers as UTF-8. Any thread; pure functions; never throws for what a stranger sends: what is no
// character becomes U+FFFD, so that a text is readable as far as it goes; so does NUL, which SQL cannot keep.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trunkline::sip {

/// `bytes` of the charset with this name (lower case; "" where none is written) as UTF-8 without its byte
/// order mark: every charset that ICU has a name for. Without a name the bytes speak for themselves: a mark,
/// the NULs of UTF-16, UTF-8 (RFC 3428 7.1), else ISO-8859-1. Nothing for a charset that is not known, unless
/// the text is plain ASCII anyway.
[[nodiscard]] std::optional<std::string> text_from_charset(std::string_view charset, std::string_view bytes);

}  // namespace trunkline::sip
