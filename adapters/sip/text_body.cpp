#include "adapters/sip/text_body.hpp"

#include <algorithm>

#include "adapters/mime/mime.hpp"

namespace trunkline::sip {
namespace {

constexpr int deepest = 4;
constexpr std::size_t most_parts = 16;
const TextBody no_text{.refusal = 415};
const TextBody nothing_to_show{.shown = false};

TextBody read(const mime::ContentType& type, std::string_view body, int depth);

TextBody read_entity(std::string_view text, int depth) {
    const mime::Entity entity = mime::parse_entity(text);
    mime::ContentType type = mime::parse_content_type(entity.content_type);
    if (type.type.empty()) type.type = "text/plain";  // RFC 2045 5.2
    const bool wrapper = type.type.rfind("multipart/", 0) == 0 || type.type == "message/cpim";
    if (entity.attachment || (wrapper && depth > deepest)) return no_text;
    const auto bytes = mime::unpack(entity.transfer_encoding, entity.body);
    return bytes ? read(type, *bytes, depth) : no_text;
}

TextBody read_multipart(const mime::ContentType& type, std::string_view body, int depth) {
    std::vector<std::string_view> parts = mime::split_parts(body, type.boundary, most_parts);
    if (type.type == "multipart/alternative") std::reverse(parts.begin(), parts.end());
    TextBody best = no_text;
    for (const std::string_view part : parts) {
        TextBody one = read_entity(part, depth + 1);
        if (one.refusal == 0 && one.shown) return one;
        if (one.refusal == 0) best = std::move(one);
    }
    return best;
}

/// RFC 3862: headers of the message, an empty line, headers of what it holds, an empty line, and that.
TextBody read_cpim(std::string_view body, int depth) {
    const auto held = mime::after_headers(body);
    return held ? read_entity(*held, depth + 1) : no_text;
}

TextBody read(const mime::ContentType& type, std::string_view body, int depth) {
    if (type.type == "application/im-iscomposing+xml") return nothing_to_show;
    if (body.empty() && (type.type.empty() || type.type == "text/plain")) return nothing_to_show;
    if (type.type == "message/cpim") return read_cpim(body, depth);
    if (type.type.rfind("multipart/", 0) == 0) return read_multipart(type, body, depth);
    if (type.type != "text/plain") return no_text;
    auto text = text_from_charset(type.charset, body);
    if (!text) return no_text;
    if (text->empty()) return nothing_to_show;
    return {.text = std::move(*text)};
}

}  // namespace

TextBody read_text_body(std::string_view content_type, std::string_view encoding, std::string_view body) {
    if (body.size() > max_body_size) return {.refusal = 413};
    const std::string coding = mime::lower_trimmed(encoding);
    if (!coding.empty() && coding != "identity") return no_text;
    return read(mime::parse_content_type(content_type), body, 1);
}

}  // namespace trunkline::sip
