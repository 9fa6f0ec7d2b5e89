#include "adapters/sip/text_body.hpp"

#include <algorithm>

namespace trunkline::sip {
namespace {

std::string lower_trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    std::string out(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

std::string charset_of(std::string_view content_type) {
    while (true) {
        const auto semicolon = content_type.find(';');
        if (semicolon == std::string_view::npos) return {};
        content_type.remove_prefix(semicolon + 1);
        const std::string_view one = content_type.substr(0, content_type.find(';'));
        const auto equals = one.find('=');
        if (equals == std::string_view::npos || lower_trimmed(one.substr(0, equals)) != "charset") continue;
        std::string value = lower_trimmed(one.substr(equals + 1));
        value.erase(std::remove(value.begin(), value.end(), '"'), value.end());
        return value;
    }
}

std::string from_latin1(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out += c;
        } else {
            out += static_cast<char>(0xC0U | (byte >> 6U));
            out += static_cast<char>(0x80U | (byte & 0x3FU));
        }
    }
    return out;
}

bool continues(std::string_view bytes, std::size_t at, unsigned low = 0x80, unsigned high = 0xBF) {
    if (at >= bytes.size()) return false;
    const auto byte = static_cast<unsigned char>(bytes[at]);
    return byte >= low && byte <= high;
}

/// How many bytes the well-formed character at `at` takes (RFC 3629 4); 0 where none begins.
std::size_t character_at(std::string_view bytes, std::size_t at) {
    const auto first = static_cast<unsigned char>(bytes[at]);
    if (first == 0) return 0;
    if (first < 0x80) return 1;
    if (first < 0xC2 || first > 0xF4) return 0;
    if (first < 0xE0) return continues(bytes, at + 1) ? 2 : 0;
    if (first < 0xF0) {
        const unsigned low = first == 0xE0 ? 0xA0 : 0x80;
        const unsigned high = first == 0xED ? 0x9F : 0xBF;
        return continues(bytes, at + 1, low, high) && continues(bytes, at + 2) ? 3 : 0;
    }
    const unsigned low = first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xF4 ? 0x8F : 0xBF;
    return continues(bytes, at + 1, low, high) && continues(bytes, at + 2) && continues(bytes, at + 3) ? 4
                                                                                                       : 0;
}

}  // namespace

std::string to_valid_utf8(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    std::size_t at = 0;
    while (at < bytes.size()) {
        if (const std::size_t length = character_at(bytes, at); length != 0) {
            out.append(bytes.substr(at, length));
            at += length;
            continue;
        }
        out += "\xEF\xBF\xBD";
        ++at;
        while (continues(bytes, at)) ++at;
    }
    return out;
}

TextBody read_text_body(std::string_view content_type, std::string_view encoding, std::string_view body) {
    if (body.size() > max_body_size) return {.refusal = 413};
    const std::string coding = lower_trimmed(encoding);
    if (!coding.empty() && coding != "identity") return {.refusal = 415};
    const std::string type = lower_trimmed(content_type.substr(0, content_type.find(';')));
    if (type == "application/im-iscomposing+xml") return {.shown = false};
    if (body.empty() && (type.empty() || type == "text/plain")) return {.shown = false};
    if (type != "text/plain") return {.refusal = 415};
    const std::string charset = charset_of(content_type);
    if (charset == "iso-8859-1" || charset == "latin1") return {.text = to_valid_utf8(from_latin1(body))};
    return {.text = to_valid_utf8(body)};
}

}  // namespace trunkline::sip
