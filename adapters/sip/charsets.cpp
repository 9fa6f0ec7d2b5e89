#include "adapters/sip/charsets.hpp"

#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/base/utf8.hpp"

namespace trunkline::sip {
namespace {

std::string shown(icu::UnicodeString text) {
    if (text.startsWith(icu::UnicodeString(u'\uFEFF'))) text.remove(0, 1);
    for (std::int32_t at = 0; at < text.length(); ++at) {
        // U+001A is what ICU writes for a single byte that is no character.
        if (text[at] == 0 || text[at] == 0x1A) text.setCharAt(at, 0xFFFD);
    }
    std::string out;
    return text.toUTF8String(out);
}

std::string from_utf8(std::string_view bytes) {
    return shown(icu::UnicodeString::fromUTF8(to_valid_utf8(bytes)));
}

/// Nothing where ICU has no table for the charset.
std::optional<std::string> converted(const std::string& charset, std::string_view bytes) {
    icu::UnicodeString text(bytes.data(), static_cast<std::int32_t>(bytes.size()), charset.c_str());
    if (text.isBogus()) return std::nullopt;
    return shown(std::move(text));
}

/// The order that a byte order mark says, or that NULs show which stand in every other place only: a text in
/// Latin letters has them there in UTF-16 and nowhere in any other charset. "" where neither says one.
std::string utf16_order(std::string_view bytes) {
    if (bytes.substr(0, 2) == "\xFE\xFF") return "utf-16be";
    if (bytes.substr(0, 2) == "\xFF\xFE") return "utf-16le";
    if (bytes.size() % 2 != 0) return {};
    std::array<bool, 2> nul{};
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        if (bytes[at] == '\0') nul.at(at % 2) = true;
    }
    if (nul[0] == nul[1]) return {};
    return nul[0] ? "utf-16be" : "utf-16le";
}

std::optional<std::string> from_unnamed(std::string_view bytes) {
    if (const std::string order = utf16_order(bytes); !order.empty()) return converted(order, bytes);
    return is_utf8(bytes) ? from_utf8(bytes) : converted("windows-1252", bytes);
}

/// By MIME's name of a charset: as what its texts are read. Clients that say the one mean the other, which
/// has characters where the one has none (https://encoding.spec.whatwg.org/#names-and-labels).
constexpr std::array<std::pair<std::string_view, const char*>, 7> meant{{
    {"UTF-8", "utf-8"},
    {"US-ASCII", "utf-8"},
    {"UTF-16", "utf-16"},
    {"ISO-8859-1", "windows-1252"},
    {"ISO-8859-9", "windows-1254"},
    {"GB2312", "gbk"},
    {"EUC-KR", "windows-949"},
}};

/// What ICU itself calls the charset, so that no word of a stranger opens a table, a file or an option of
/// one;
/// "" for what its list of names does not have.
std::string name_of(const std::string& charset) {
    UErrorCode status = U_ZERO_ERROR;
    const char* const name = ucnv_getAlias(charset.c_str(), 0, &status);
    const char* const mime = ucnv_getStandardName(charset.c_str(), "MIME", &status);
    for (const auto& [said, read_as] : meant)
        if (mime != nullptr && said == mime) return read_as;
    return name == nullptr ? "" : name;
}

bool is_ascii(std::string_view bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](char c) { return (c & 0x80) == 0; });
}

}  // namespace

std::optional<std::string> text_from_charset(std::string_view charset, std::string_view bytes) {
    if (charset.empty()) return from_unnamed(bytes);
    std::string name = name_of(std::string(charset));
    if (name == "utf-8") return from_utf8(bytes);
    if (name == "utf-16") {
        name = utf16_order(bytes);
        if (name.empty()) name = "utf-16be";  // RFC 2781 4.3
    }
    auto text = name.empty() ? std::nullopt : converted(name, bytes);
    if (!text && is_ascii(bytes)) text = from_utf8(bytes);
    return text;
}

}  // namespace trunkline::sip
