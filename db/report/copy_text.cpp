#include "db/report/copy_text.hpp"

namespace trunkline::db {

namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

// Length of the UTF-8 sequence at the start of `text`, 0 where there is none (RFC 3629 section 4).
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto follows = [&](std::size_t i, unsigned low, unsigned high) {
        return byte(i) >= low && byte(i) <= high;
    };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first <= 0xdf) return follows(1, 0x80, 0xbf) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef) {
        const unsigned low = first == 0xe0 ? 0xa0 : 0x80;
        const unsigned high = first == 0xed ? 0x9f : 0xbf;
        return follows(1, low, high) && follows(2, 0x80, 0xbf) ? 3 : 0;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        const unsigned low = first == 0xf0 ? 0x90 : 0x80;
        const unsigned high = first == 0xf4 ? 0x8f : 0xbf;
        return follows(1, low, high) && follows(2, 0x80, 0xbf) && follows(3, 0x80, 0xbf) ? 4 : 0;
    }
    return 0;
}

bool is_plain(char c) { return static_cast<signed char>(c) >= 0x20 && c != '\\'; }

}  // namespace

void append_copy_text(std::string& out, std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        std::size_t end = at;
        while (end < text.size() && is_plain(text[end])) ++end;
        out.append(text, at, end - at);
        at = end;
        if (at == text.size()) return;
        switch (const char c = text[at]) {
            case '\0':
                ++at;
                break;
            case '\\':
                out += "\\\\", ++at;
                break;
            case '\n':
                out += "\\n", ++at;
                break;
            case '\r':
                out += "\\r", ++at;
                break;
            case '\t':
                out += "\\t", ++at;
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x80) {
                    out += c, ++at;
                } else if (const auto length = utf8_length(text.substr(at)); length > 0) {
                    out.append(text, at, length);
                    at += length;
                } else {
                    out += replacement;
                    ++at;
                }
        }
    }
}

std::string without_null_escapes(const std::string& json) {
    if (json.find("\\u0000") == std::string::npos) return json;
    std::string out;
    out.reserve(json.size());
    for (std::size_t at = 0; at < json.size();) {
        if (json[at] != '\\') {
            out += json[at++];
        } else if (json.compare(at, 6, "\\u0000") == 0) {
            out += "\\ufffd";
            at += 6;
        } else {  // any other escape, `\\` among them, keeps its second character from being read as a start
            out.append(json, at, 2);
            at += 2;
        }
    }
    return out;
}

std::string_view column_of(std::string_view line, std::size_t index) {
    for (; index > 0; --index) {
        const auto tab = line.find('\t');
        if (tab == std::string_view::npos) return {};
        line.remove_prefix(tab + 1);
    }
    return line.substr(0, line.find('\t'));
}

}  // namespace trunkline::db
