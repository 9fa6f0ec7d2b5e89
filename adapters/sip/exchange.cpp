#include "adapters/sip/exchange.hpp"

#include "adapters/sip/text_body.hpp"

namespace trunkline::sip {

ReplyHeaders headers_for(int status) {
    switch (status) {
        case 405:
            return {.allow = allowed_methods};
        case 415:
            return {.accept = accepted_types};
        case 503:
            return {.retry_after = retry_after_seconds};
        default:
            return {};
    }
}

int refuse_method(nta_incoming_t* request) {
    const IncomingHandle answered(request);
    nta_incoming_treply(request, SIP_405_METHOD_NOT_ALLOWED, SIPTAG_ALLOW_STR(allowed_methods), TAG_END());
    return 0;
}

void Exchange::reply(MessageHandle request, int status, const ReplyHeaders& headers,
                     const tport_t* transport) const {
    sip_t* sip = sip_object(request.get());
    const TransactionKey key = digest_.of(sip);
    if (sip->sip_to != nullptr && sip->sip_to->a_tag == nullptr) {
        sip_to_tag(msg_home(request.get()), sip->sip_to, TransactionDigest::tag_of(key).c_str());
    }
    nta_msg_treply(agent_, request.release(), status, sip_status_phrase(status),
                   TAG_IF(transport != nullptr, NTATAG_TPORT(const_cast<tport_t*>(transport))),
                   SIPTAG_SERVER_STR(settings_.user_agent.c_str()), SIPTAG_ALLOW_STR(headers.allow),
                   SIPTAG_ACCEPT_STR(headers.accept), SIPTAG_RETRY_AFTER_STR(headers.retry_after),
                   SIPTAG_UNSUPPORTED_STR(headers.unsupported), SIPTAG_SUPPORTED_STR(headers.supported),
                   SIPTAG_MIN_SE_STR(headers.min_se), SIPTAG_HEADER_STR(headers.more), TAG_END());
}

}  // namespace trunkline::sip
