#include "adapters/sip/charsets.hpp"

#include <algorithm>
#include <array>

namespace trunkline::sip {
namespace {

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";
constexpr char32_t replacement = 0xFFFD;

/// What windows-1252 has where ISO-8859-1 has control characters; clients that say the one mean the other.
constexpr std::array<char16_t, 32> windows_1252{
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

void append_utf8(std::string& out, char32_t code) {
    if (code == 0) code = replacement;
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += {static_cast<char>(0xC0U | (code >> 6U)), static_cast<char>(0x80U | (code & 0x3FU))};
    } else if (code < 0x10000) {
        out += {static_cast<char>(0xE0U | (code >> 12U)), static_cast<char>(0x80U | ((code >> 6U) & 0x3FU)),
                static_cast<char>(0x80U | (code & 0x3FU))};
    } else {
        out += {static_cast<char>(0xF0U | (code >> 18U)), static_cast<char>(0x80U | ((code >> 12U) & 0x3FU)),
                static_cast<char>(0x80U | ((code >> 6U) & 0x3FU)), static_cast<char>(0x80U | (code & 0x3FU))};
    }
}

std::string from_single_bytes(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        append_utf8(out, byte >= 0x80 && byte < 0xA0 ? windows_1252.at(byte - 0x80U) : byte);
    }
    return out;
}

enum class ByteOrder { big, little };

/// RFC 2781; half a surrogate pair or half a unit is no character.
std::string from_utf16(std::string_view bytes, ByteOrder order) {
    const auto unit = [&](std::size_t at) -> char32_t {
        const auto first = static_cast<unsigned char>(bytes[at]);
        const auto second = static_cast<unsigned char>(bytes[at + 1]);
        return order == ByteOrder::big ? (first << 8U) | second : (second << 8U) | first;
    };
    std::string out;
    out.reserve(bytes.size());
    std::size_t at = 0;
    if (bytes.size() >= 2 && unit(0) == 0xFEFF) at = 2;
    for (; at + 1 < bytes.size(); at += 2) {
        char32_t code = unit(at);
        const bool high = code >= 0xD800 && code < 0xDC00;
        const char32_t low = high && at + 3 < bytes.size() ? unit(at + 2) : 0;
        if (low >= 0xDC00 && low < 0xE000) {
            code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
            at += 2;
        } else if (code >= 0xD800 && code < 0xE000) {
            code = replacement;
        }
        append_utf8(out, code);
    }
    if (at < bytes.size()) append_utf8(out, replacement);
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

bool is_utf8(std::string_view bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t length = bytes[at] == '\0' ? 1 : character_at(bytes, at);
        if (length == 0) return false;
        at += length;
    }
    return true;
}

std::string from_utf8(std::string_view bytes) {
    if (bytes.substr(0, utf8_mark.size()) == utf8_mark) bytes.remove_prefix(utf8_mark.size());
    return to_valid_utf8(bytes);
}

/// The order that a byte order mark says, or that NULs show which stand in every other place only: a text in
/// Latin letters has them there in UTF-16 and nowhere in any other charset.
std::optional<ByteOrder> utf16_order(std::string_view bytes) {
    if (bytes.substr(0, 2) == "\xFE\xFF") return ByteOrder::big;
    if (bytes.substr(0, 2) == "\xFF\xFE") return ByteOrder::little;
    if (bytes.size() % 2 != 0) return std::nullopt;
    std::array<bool, 2> nul{};
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        if (bytes[at] == '\0') nul.at(at % 2) = true;
    }
    if (nul[0] == nul[1]) return std::nullopt;
    return nul[0] ? ByteOrder::big : ByteOrder::little;
}

std::string from_unnamed(std::string_view bytes) {
    if (const auto order = utf16_order(bytes)) return from_utf16(bytes, *order);
    return is_utf8(bytes) ? from_utf8(bytes) : from_single_bytes(bytes);
}

bool is_ascii(std::string_view bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](char c) { return (c & 0x80) == 0; });
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

std::optional<std::string> text_from_charset(std::string_view charset, std::string_view bytes) {
    if (charset.empty()) return from_unnamed(bytes);
    if (charset == "utf-8" || charset == "utf8") return from_utf8(bytes);
    if (charset == "iso-8859-1" || charset == "latin1" || charset == "windows-1252")
        return from_single_bytes(bytes);
    // RFC 2781 4.3: without a mark the big end comes first.
    if (charset == "utf-16") return from_utf16(bytes, utf16_order(bytes).value_or(ByteOrder::big));
    if (charset == "utf-16be") return from_utf16(bytes, ByteOrder::big);
    if (charset == "utf-16le") return from_utf16(bytes, ByteOrder::little);
    if (charset == "us-ascii" || is_ascii(bytes)) return from_utf8(bytes);
    return std::nullopt;
}

}  // namespace trunkline::sip
