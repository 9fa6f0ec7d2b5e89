#include "adapters/sip/outgoing_text.hpp"

#include "adapters/sip/address.hpp"
#include "adapters/sip/callbacks.hpp"

namespace trunkline::sip {

OutgoingHandle begin_text(const OutgoingText& what, ResponseListener& listener) {
    Home home;
    const sip_payload_t* payload =
        sip_payload_create(home.get(), what.text.data(), static_cast<isize_t>(what.text.size()));
    if (payload == nullptr) return nullptr;
    const char* const door = kept_door(what.agent, what.route);
    return OutgoingHandle(nta_outgoing_tcreate(
        what.leg, callbacks::response, &listener, as_url(what.route), SIP_METHOD_MESSAGE,
        what.target.empty() ? nullptr : as_url(what.target), SIPTAG_USER_AGENT_STR(what.user_agent.c_str()),
        TAG_IF(door != nullptr, TPTAG_IDENT(door)), SIPTAG_CONTENT_TYPE_STR("text/plain;charset=UTF-8"),
        SIPTAG_PAYLOAD(payload), TAG_END()));
}

std::string escaped_user(std::string_view user) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : user) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                           std::string_view("-_.!~*'()&=+$,/").find(c) != std::string_view::npos;
        if (plain) {
            out += c;
        } else {
            out += {'%', digits[byte >> 4U], digits[byte & 15U]};
        }
    }
    return out;
}

}  // namespace trunkline::sip
