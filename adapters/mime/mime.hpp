// The parts of MIME that instant messages and presence documents use (RFC 2045, RFC 2046): types with
// parameters, the parts of a multipart, and what a part was packed in for the way. Any thread; views into the
// caller's bytes; nothing throws: what makes no sense is simply not found.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkline::mime {

/// A value without the white space around it, in lower case.
[[nodiscard]] std::string lower_trimmed(std::string_view text);

struct ContentType {
    std::string type;      // lower case: "text/plain"; "" where none is written
    std::string charset;   // lower case
    std::string boundary;  // as written, without its quotes
};
[[nodiscard]] ContentType parse_content_type(std::string_view value);

/// Headers, an empty line, and what follows: a part of a multipart, or what CPIM wraps.
struct Entity {
    std::string content_type;
    std::string transfer_encoding;  // lower case
    bool attachment = false;        // Content-Disposition says that it is a file
    std::string_view body;
};
[[nodiscard]] Entity parse_entity(std::string_view text);

/// What follows the first empty line; nothing where there is none.
[[nodiscard]] std::optional<std::string_view> after_headers(std::string_view text);

/// The parts between the boundary's lines, the first `most` of them; a last part without its end is one as
/// well, for clients forget it.
[[nodiscard]] std::vector<std::string_view> split_parts(std::string_view body, std::string_view boundary,
                                                        std::size_t most);

/// Undoes a Content-Transfer-Encoding; nothing for one that is not known, or for base64 that is none.
[[nodiscard]] std::optional<std::string> unpack(std::string_view encoding, std::string_view body);

}  // namespace trunkline::mime
