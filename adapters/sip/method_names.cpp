#include "adapters/sip/method_names.hpp"

#include <array>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

#include "adapters/sip/sofia.hpp"
// sofia.hpp first.
#include <sofia-sip/sip_parser.h>

namespace {

struct KnownMethod {
    const char* name;
    sip_method_t method;
};

constexpr std::array<KnownMethod, 14> known_methods{{{"MESSAGE", sip_method_message},
                                                     {"INVITE", sip_method_invite},
                                                     {"ACK", sip_method_ack},
                                                     {"BYE", sip_method_bye},
                                                     {"CANCEL", sip_method_cancel},
                                                     {"OPTIONS", sip_method_options},
                                                     {"REGISTER", sip_method_register},
                                                     {"SUBSCRIBE", sip_method_subscribe},
                                                     {"NOTIFY", sip_method_notify},
                                                     {"PUBLISH", sip_method_publish},
                                                     {"INFO", sip_method_info},
                                                     {"REFER", sip_method_refer},
                                                     {"UPDATE", sip_method_update},
                                                     {"PRACK", sip_method_prack}}};

/// RFC 3261 25.1 token; method names are compared with case (7.1).
bool is_token_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c != '\0' && std::strchr("-.!%*_+`'~", c) != nullptr);
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

/// Reads the method at *text, moves *text behind it and the white space that follows, and gives the name's
/// text: of a known method Sofia's constant lives as long as the program; of another it is cut off inside the
/// message's buffer.
extern "C" sip_method_t sip_method_d(char** text, const char** name) {
    char* const begin = *text;
    char* end = begin;
    while (is_token_character(*end)) ++end;
    if (end == begin || (*end != '\0' && !is_space(*end))) return sip_method_invalid;

    const std::string_view spelled(begin, static_cast<std::size_t>(end - begin));
    sip_method_t method = sip_method_unknown;
    const char* found = begin;
    for (const KnownMethod& one : known_methods) {
        if (spelled == one.name) {
            method = one.method;
            found = one.name;
            break;
        }
    }
    if (*end != '\0' && method == sip_method_unknown && name != nullptr) *end++ = '\0';
    while (is_space(*end)) ++end;
    *text = end;
    if (name != nullptr) *name = found;
    return method;
}

namespace trunkline::sip {

void require_own_method_names() {
    Home home;
    const sip_cseq_t* parsed = sip_cseq_make(home.get(), "1 SERVICE");
    if (parsed != nullptr && parsed->cs_method == sip_method_unknown && parsed->cs_method_name != nullptr &&
        std::string_view(parsed->cs_method_name) == "SERVICE") {
        return;
    }
    throw std::runtime_error(
        "SIP cannot start: the Sofia-SIP library does not use this program's sip_method_d, so SERVICE "
        "requests would be lost. "
        "Link libsofia-sip-ua dynamically and export the program's symbols (-rdynamic).");
}

}  // namespace trunkline::sip
