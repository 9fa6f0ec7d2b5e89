#include "adapters/sip/session_refresh.hpp"

#include <algorithm>
#include <string_view>

#include "adapters/sip/address.hpp"
#include "adapters/sip/callbacks.hpp"

namespace trunkline::sip {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds our_interval{1800};  // what RFC 4028 4.2 recommends
constexpr seconds longest{24 * 3600};

/// Sofia has a type for each header that is a list of words.
template <class Header>
bool lists(const Header* header, std::string_view name) {
    if (header == nullptr || header->k_items == nullptr) return false;
    for (const char* const* item = header->k_items; *item != nullptr; ++item) {
        if (name == *item) return true;
    }
    return false;
}

/// A number of seconds off the wire, which may be any.
seconds bounded(unsigned long value) {
    return std::min(seconds(std::min<unsigned long>(value, 1'000'000'000UL)), longest);
}

/// The end is early enough for our BYE to be there before the peer's own timer (RFC 4028 10).
milliseconds until_the_end(seconds interval) {
    const milliseconds all = interval;
    return all - std::min<milliseconds>(seconds(32), all / 3);
}

}  // namespace

std::string RefreshTerms::session_expires() const {
    if (interval.count() == 0) return {};
    return std::to_string(interval.count()) + (ours ? ";refresher=uas" : ";refresher=uac");
}

RefreshTerms agree_on_refresh(const sip_t* request, seconds least) {
    const bool knows = lists(request->sip_supported, "timer") || lists(request->sip_require, "timer");
    const sip_session_expires_t* asked = request->sip_session_expires;
    if (asked == nullptr && !knows) return {};
    const seconds peers_least =
        request->sip_min_se == nullptr ? seconds(0) : bounded(request->sip_min_se->min_delta);
    if (asked == nullptr) return {0, std::max({our_interval, least, peers_least}), false};
    const seconds interval = bounded(asked->x_delta);
    if (interval < least) return {.refusal = 422};
    const bool wants_us = asked->x_refresher != nullptr && std::string_view(asked->x_refresher) == "uas";
    return {0, interval, wants_us || !knows};
}

void SessionRefresh::learn(const sip_t* invite) { knows_update_ = lists(invite->sip_allow, "UPDATE"); }

void SessionRefresh::agreed(const RefreshTerms& terms) {
    terms_ = terms;
    refresh_next_ = terms.ours;
    if (terms.interval.count() == 0) return timer_.reset();
    wait(terms.ours ? milliseconds(terms.interval) / 2 : until_the_end(terms.interval));
}

void SessionRefresh::wait(milliseconds time) {
    if (timer_ == nullptr) timer_.reset(su_timer_create(su_root_task(exchange_.root()), 1000));
    su_timer_set_interval(timer_.get(), callbacks::timer, this, time.count());
}

void SessionRefresh::on_timer() {
    if (!refresh_next_) return keeper_.refresh_failed();
    refresh_next_ = false;
    wait(until_the_end(terms_.interval) - milliseconds(terms_.interval) / 2);
    keeper_.refresh_due();
}

void SessionRefresh::refresh(const Message& message) {
    dialog_ = message.dialog;
    next_hop_ = message.next_hop;
    inviting_ = !knows_update_;
    const char* const door = kept_door(exchange_.agent(), next_hop_);
    // As the one who sends it we are its client: "uac" is us.
    const std::string expires = std::to_string(terms_.interval.count()) + ";refresher=uac";
    const char* type = inviting_ ? "application/sdp" : nullptr;
    const char* sdp = inviting_ ? message.sdp.c_str() : nullptr;
    const sip_method_t method = inviting_ ? sip_method_invite : sip_method_update;
    request_.reset(nta_outgoing_tcreate(
        dialog_, callbacks::response, static_cast<ResponseListener*>(this), as_url(next_hop_), method,
        inviting_ ? "INVITE" : "UPDATE", nullptr, TAG_IF(door != nullptr, TPTAG_IDENT(door)),
        SIPTAG_CONTACT_STR(message.contact.c_str()), SIPTAG_SUPPORTED_STR("timer"),
        SIPTAG_SESSION_EXPIRES_STR(expires.c_str()), SIPTAG_ALLOW_STR(allowed_methods),
        SIPTAG_USER_AGENT_STR(exchange_.settings().user_agent.c_str()), SIPTAG_CONTENT_TYPE_STR(type),
        SIPTAG_PAYLOAD_STR(sdp), TAG_END()));
    if (request_ == nullptr) inviting_ = false;
}

void SessionRefresh::on_response(int status, const sip_t* sip) {
    if (status < 200) return;
    if (status < 300) {
        if (inviting_ || (sip != nullptr && sip->sip_cseq->cs_method == sip_method_invite)) acknowledge(sip);
        // The handle stays until the next refresh: a 2xx that comes again is acknowledged again.
        inviting_ = false;
        RefreshTerms terms = terms_;
        const sip_session_expires_t* said = sip == nullptr ? nullptr : sip->sip_session_expires;
        if (said != nullptr) terms.interval = std::max(bounded(said->x_delta), seconds(1));
        terms.ours =
            said == nullptr || said->x_refresher == nullptr || std::string_view(said->x_refresher) != "uas";
        return agreed(terms);
    }
    // The handle stays: Sofia acknowledges a refused INVITE only after this, and not for one that is gone.
    inviting_ = false;
    // RFC 5057 5.1: these say that the dialog is gone. Sofia makes up others for a peer that is silent.
    if (status == 408 || status == 481 || nta_sip_is_internal(sip) != 0) {
        refresh_next_ = false;
        return wait(milliseconds(1));
    }
    if (status != 491) return;  // the peer may still refresh by itself before the end
    refresh_next_ = true;       // both began at once: ours again soon (RFC 3261 14.1)
    wait(std::min<milliseconds>(seconds(1), milliseconds(terms_.interval) / 8));
}

// The ACK of a 2xx is a request of its own with the INVITE's number (RFC 3261 13.2.2.4).
void SessionRefresh::acknowledge(const sip_t* sip) {
    if (sip == nullptr) return;
    Home home;
    const sip_cseq_t* cseq = sip_cseq_create(home.get(), sip->sip_cseq->cs_seq, SIP_METHOD_ACK);
    const char* const door = kept_door(exchange_.agent(), next_hop_);
    const OutgoingHandle sent(
        nta_outgoing_tcreate(dialog_, nullptr, nullptr, as_url(next_hop_), SIP_METHOD_ACK, nullptr,
                             TAG_IF(door != nullptr, TPTAG_IDENT(door)), SIPTAG_CSEQ(cseq), TAG_END()));
}

}  // namespace trunkline::sip
