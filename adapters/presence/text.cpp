#include "adapters/presence/text.hpp"

#include <algorithm>
#include <charconv>

#include "engine/base/utf8.hpp"

namespace trunkline::presence {
namespace {

constexpr std::size_t longest_excerpt = 32;
constexpr std::string_view replacement = "\xEF\xBF\xBD";

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool within(char c, unsigned low, unsigned high) {
    const unsigned byte = static_cast<unsigned char>(c);
    return byte >= low && byte <= high;
}

/// Blanks and what steers a terminal: the control characters of both blocks.
bool is_blank(std::string_view character) {
    if (character.size() == 1) return within(character[0], 0, 0x20U) || character[0] == 0x7F;
    return character.size() == 2 && within(character[0], 0xC2U, 0xC2U) && within(character[1], 0x80U, 0x9FU);
}

}  // namespace

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    return out;
}

bool is_xml_text(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        if (length == 0 || (within(text[0], 0, 0x1FU) && !is_space(text[0]))) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string one_line(std::string_view text, std::size_t longest) {
    std::string out;
    bool blank = false;
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        const std::string_view here = text.substr(0, std::max<std::size_t>(length, 1));
        text.remove_prefix(here.size());
        if (length != 0 && is_blank(here)) {
            blank = !out.empty();
            continue;
        }
        const std::string_view shown = length == 0 ? replacement : here;
        if (out.size() + (blank ? 1 : 0) + shown.size() > longest) break;
        if (blank) out += ' ';
        blank = false;
        out += shown;
    }
    return out;
}

std::optional<int> number(std::string_view text, int greatest) {
    text = trimmed(text);
    int value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, fault] = std::from_chars(text.data(), end, value);
    if (fault != std::errc{} || stop != end || value < 0 || value > greatest) return std::nullopt;
    return value;
}

Error refusal(std::string words, std::string_view excerpt) {
    const std::string shown = one_line(excerpt, longest_excerpt);
    if (!shown.empty()) words += " (\"" + shown + "\")";
    return {.code = ErrorCode::bad_attribute, .message = std::move(words)};
}

}  // namespace trunkline::presence
