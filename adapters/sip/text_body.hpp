// What a MESSAGE carries, as text to show. Any thread; never throws for what a stranger sends.
#pragma once

#include <string>
#include <string_view>

#include "adapters/sip/charsets.hpp"

namespace trunkline::sip {

/// Largest body that is taken, in bytes.
inline constexpr std::size_t max_body_size = 64 * 1024;
/// What we take in a MESSAGE, for the header Accept.
inline constexpr const char* accepted_types =
    "text/plain, application/im-iscomposing+xml, multipart/alternative, multipart/mixed, message/cpim";

struct TextBody {
    int refusal = 0;    // 413, 415; 0 where the body is taken
    bool shown = true;  // false for what is answered 200 and not shown: typing notices, empty bodies
    std::string text;   // UTF-8
};

/// `content_type` as the header writes it (with its charset), `encoding` the header Content-Encoding. Of a
/// multipart the text is taken, to a depth of four wrappings: the last one of alternatives (RFC 2046 5.1.4
/// puts the best last), else the first that is no file. message/cpim is unwrapped; what it says about who
/// wrote is not believed.
[[nodiscard]] TextBody read_text_body(std::string_view content_type, std::string_view encoding,
                                      std::string_view body);

}  // namespace trunkline::sip
