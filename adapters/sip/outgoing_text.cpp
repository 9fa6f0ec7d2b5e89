#include "adapters/sip/outgoing_text.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

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
    static constexpr auto plain =
        boost::urls::unreserved_chars + boost::urls::grammar::lut_chars("!*'()&=+$,/");
    return boost::urls::encode(user, plain);
}

}  // namespace trunkline::sip
