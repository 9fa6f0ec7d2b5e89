// What a MESSAGE carries, as text to show. Any thread; never throws for what a stranger sends.
#pragma once

#include <string>
#include <string_view>

namespace trunkline::sip {

/// Largest body that is taken, in bytes.
inline constexpr std::size_t max_body_size = 64 * 1024;
/// What we take in a MESSAGE, for the header Accept.
inline constexpr const char* accepted_types = "text/plain, application/im-iscomposing+xml";

struct TextBody {
    int refusal = 0;    // 413, 415; 0 where the body is taken
    bool shown = true;  // false for what is answered 200 and not shown: typing notices, empty bodies
    std::string text;   // UTF-8
};

/// `content_type` as the header writes it (with its charset), `encoding` the header Content-Encoding.
[[nodiscard]] TextBody read_text_body(std::string_view content_type, std::string_view encoding,
                                      std::string_view body);

/// Every byte sequence that is not UTF-8 becomes one U+FFFD; so does NUL, which SQL cannot keep.
[[nodiscard]] std::string to_valid_utf8(std::string_view bytes);

}  // namespace trunkline::sip
