#include "engine/model/sip_contact.hpp"

#include <algorithm>

#include "engine/base/words.hpp"

namespace trunkline::model {
namespace {

constexpr std::size_t longest = 1024;

bool starts_with_word(std::string_view text, std::string_view word) {
    return lower_case(text.substr(0, word.size())) == word;
}

bool stands_in_an_address(char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7f &&
           std::string_view("<>\"\\^`{|}").find(c) == std::string_view::npos;
}

}  // namespace

std::string SipContact::host() const {
    const std::size_t end =
        place.starts_with('[') ? std::min(place.find(']'), place.size() - 1) + 1 : place.find_first_of(":;?");
    return lower_case(std::string_view(place).substr(0, end));
}

std::string SipContact::at(std::string_view other_user) const {
    std::string out = scheme + ":";
    if (!other_user.empty()) out.append(other_user).append("@");
    return out + place;
}

bool has_sip_scheme(std::string_view text) {
    return starts_with_word(text, "sip:") || starts_with_word(text, "sips:");
}

std::optional<SipContact> parse_sip_contact(std::string_view text) {
    if (text.size() > longest || !std::all_of(text.begin(), text.end(), stands_in_an_address))
        return std::nullopt;
    SipContact contact;
    if (has_sip_scheme(text)) {
        if (starts_with_word(text, "sips:")) contact.scheme = "sips";
        text.remove_prefix(contact.scheme.size() + 1);
    }
    if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) {
        contact.user = text.substr(0, at);
        text.remove_prefix(at + 1);
        if (contact.user.empty()) return std::nullopt;
    }
    contact.place = text;
    if (contact.host().empty()) return std::nullopt;
    return contact;
}

std::optional<std::string> plain_number(std::string_view text) {
    std::string number;
    for (const char c : text) {
        const bool counts = (c >= '0' && c <= '9') || c == '*' || c == '#' || (c == '+' && number.empty());
        if (counts)
            number += c;
        else if (std::string_view(" -.()/").find(c) == std::string_view::npos)
            return std::nullopt;
    }
    if (number.find_first_of("0123456789") == std::string::npos || number.size() > 64) return std::nullopt;
    return number;
}

}  // namespace trunkline::model
