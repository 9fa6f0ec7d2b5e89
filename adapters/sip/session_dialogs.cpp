#include "adapters/sip/session_dialogs.hpp"

#include "adapters/mime/mime.hpp"
#include "adapters/sip/address.hpp"
#include "adapters/sip/callbacks.hpp"
#include "adapters/sip/caller.hpp"
#include "adapters/sip/outgoing_text.hpp"
#include "adapters/sip/request_rules.hpp"
#include "adapters/sip/sdp.hpp"
#include "adapters/sip/session_refresh.hpp"

namespace trunkline::sip {
namespace {

/// Whether the body is a session description, or there is none.
bool is_described(const sip_t* sip) {
    const char* type = sip->sip_content_type == nullptr ? nullptr : sip->sip_content_type->c_type;
    return payload_of(sip).empty() || (type != nullptr && mime::lower_trimmed(type) == "application/sdp");
}

}  // namespace

struct SessionDialogs::Session final : LegListener, AckListener, TimerListener, SessionRefresh::Keeper {
    enum class State { offered, accepted, established };  // accepted: 200 sent, ACK not here yet

    Session(SessionDialogs& dialogs, messages::LegAddress address)
        : owner(dialogs), leg(std::move(address)), refresh(dialogs.exchange_, *this) {}

    int on_request(nta_incoming_t* request, const sip_t* sip) override {
        return owner.take_request(*this, request, sip);
    }
    void on_ack_or_cancel(const sip_t* sip) override { owner.take_ack_or_cancel(*this, sip); }
    void on_timer() override { owner.ring(*this); }
    void refresh_due() override { owner.send_refresh(*this); }
    void refresh_failed() override { owner.expire(*this); }

    SessionDialogs& owner;
    const messages::LegAddress leg;
    State state = State::offered;
    bool ending = false;  // the engine is done with it
    SipTxnId offer;
    std::uint64_t number = 0;
    LegHandle dialog;
    IncomingHandle invite;
    TimerHandle ringing;
    std::string peer_host, peer_name, next_hop, contact, offered_sdp;
    LocalAddress local;
    DialogHosts hosts;
    bool proxied = false;  // a Record-Route: what we send goes where the INVITE came from
    std::uint64_t sdp_version = 1;
    RefreshTerms terms;
    SessionRefresh refresh;
};

SessionDialogs::SessionDialogs(Exchange& exchange, Peers& peers, TextLanes& lanes, DialogTexts& texts)
    : exchange_(exchange), peers_(peers), lanes_(lanes), texts_(texts) {}

SessionDialogs::~SessionDialogs() = default;

SessionDialogs::Session* SessionDialogs::find(const std::string& leg_key) {
    const auto found = sessions_.find(leg_key);
    return found == sessions_.end() ? nullptr : found->second.get();
}

void SessionDialogs::offer(MessageHandle request, const sip_t* sip) {
    const RefreshTerms terms = agree_on_refresh(sip, exchange_.settings().least_session_interval);
    if (terms.refusal != 0) {
        const std::string least = std::to_string(exchange_.settings().least_session_interval.count());
        return exchange_.reply(std::move(request), terms.refusal, {.min_se = least.c_str()});
    }
    if (!offers_messages(payload_of(sip))) {
        return is_described(sip) ? exchange_.reply(std::move(request), 488)
                                 : exchange_.reply(std::move(request), 415, {.accept = "application/sdp"});
    }
    auto who = caller_of(sip);
    if (const int* refusal = std::get_if<int>(&who)) return exchange_.reply(std::move(request), *refusal);
    const TransportHandle transport = transport_of(exchange_.agent(), request.get());
    const Peer peer = peer_of(request.get(), transport.get());
    const bool room = exchange_.accepting() && transport != nullptr &&
                      offers_.size() < exchange_.settings().unanswered_limit;
    const std::string peer_name = peers_.name_of(peer.host);
    if (!room || !peers_.open(peer_name)) return exchange_.reply(std::move(request), 503, headers_for(503));

    const std::uint64_t number = ++last_session_;
    const std::string key = std::to_string(number);
    auto owned = std::make_unique<Session>(*this, messages::LegAddress{messages::LegKind::session, key, key});
    Session& session = *owned;
    session.number = number;
    session.offer = exchange_.next_txn();
    session.peer_host = peer.host;
    session.peer_name = peer_name;
    session.local = local_address(transport.get(), peer);
    // With a proxy on the way the next hop is the one that the INVITE came through (RFC 3261 12.2.1.1 adds
    // the Route).
    session.terms = terms;
    session.refresh.learn(sip);
    session.proxied = sip->sip_record_route != nullptr;
    session.hosts = DialogHosts(peer.host, sip->sip_contact, sip->sip_record_route);
    session.next_hop = reply_route(peer, sip->sip_record_route == nullptr ? sip->sip_contact : nullptr);
    Caller& caller = std::get<Caller>(who);
    session.contact = "<sip:" + escaped_user(caller.dnis) + "@" + uri_host(session.local.host) + ":" +
                      std::to_string(session.local.port) + peer.contact_parameters() + ">";
    session.offered_sdp = payload_of(sip);

    session.dialog.reset(nta_leg_tcreate(exchange_.agent(), callbacks::request, &session,
                                         SIPTAG_CALL_ID(sip->sip_call_id), SIPTAG_FROM(sip->sip_to),
                                         SIPTAG_TO(sip->sip_from), NTATAG_REMOTE_CSEQ(sip->sip_cseq->cs_seq),
                                         TAG_END()));
    if (session.dialog == nullptr || nta_leg_tag(session.dialog.get(), nullptr) == nullptr) {
        peers_.close(peer_name);
        return exchange_.reply(std::move(request), 500);
    }
    nta_leg_server_route(session.dialog.get(), sip->sip_record_route, sip->sip_contact);
    session.invite.reset(nta_incoming_create(exchange_.agent(), session.dialog.get(), request.release(),
                                             const_cast<sip_t*>(sip), TAG_END()));
    if (session.invite == nullptr) return peers_.close(peer_name);  // Sofia answered 500
    nta_incoming_bind(session.invite.get(), callbacks::ack_or_cancel, &session);
    nta_incoming_treply(session.invite.get(), SIP_100_TRYING, TAG_END());
    sessions_.emplace(key, std::move(owned));
    offers_.emplace(session.offer, key);
    lanes_.hold(session.leg);
    exchange_.post(messages::SessionOffered{session.offer, session.leg, std::move(caller.dnis),
                                            std::move(caller.host), std::move(caller.customer),
                                            std::move(caller.ani)});
}

void SessionDialogs::answer(const messages::AnswerSession& answer) {
    const auto offer = offers_.find(answer.txn);
    Session* session = offer == offers_.end() ? nullptr : find(offer->second);
    if (session == nullptr || session->state != Session::State::offered) return;
    if (answer.status < 200) return ring(*session);
    if (answer.status < 300) return accept(*session);
    const ReplyHeaders headers = headers_for(answer.status);
    nta_incoming_treply(session->invite.get(), answer.status, sip_status_phrase(answer.status),
                        SIPTAG_SERVER_STR(exchange_.settings().user_agent.c_str()),
                        SIPTAG_RETRY_AFTER_STR(headers.retry_after), TAG_END());
    erase(*session);
}

void SessionDialogs::ring(Session& session) {
    nta_incoming_treply(session.invite.get(), SIP_180_RINGING, SIPTAG_CONTACT_STR(session.contact.c_str()),
                        SIPTAG_SERVER_STR(exchange_.settings().user_agent.c_str()), TAG_END());
    if (session.ringing == nullptr) {
        session.ringing.reset(
            su_timer_create(su_root_task(exchange_.root()), exchange_.settings().ringing_refresh.count()));
    }
    su_timer_set(session.ringing.get(), callbacks::timer, &session);
}

void SessionDialogs::accept(Session& session) {
    session.ringing.reset();
    offers_.erase(session.offer);
    session.state = Session::State::accepted;
    const std::string sdp =
        answer_messages(session.offered_sdp, session.local.host, session.local.port, session.number);
    const std::string expires = session.terms.session_expires();
    nta_incoming_treply(session.invite.get(), SIP_200_OK, SIPTAG_CONTACT_STR(session.contact.c_str()),
                        SIPTAG_SERVER_STR(exchange_.settings().user_agent.c_str()),
                        SIPTAG_ALLOW_STR(allowed_methods), SIPTAG_CONTENT_TYPE_STR("application/sdp"),
                        SIPTAG_SUPPORTED_STR(supported_extensions),
                        SIPTAG_REQUIRE_STR(session.terms.require()),
                        TAG_IF(!expires.empty(), SIPTAG_SESSION_EXPIRES_STR(expires.c_str())),
                        SIPTAG_PAYLOAD_STR(sdp.c_str()), TAG_END());
    session.refresh.agreed(session.terms);
}

void SessionDialogs::take_ack_or_cancel(Session& session, const sip_t* sip) {
    if (sip == nullptr) {  // no ACK came within 64*T1 (RFC 3261 13.3.1.4)
        if (session.state == Session::State::accepted) say_bye(session);
        return lose(session, messages::LegEnd::lost);
    }
    if (sip->sip_request->rq_method == sip_method_cancel) {
        if (session.state != Session::State::offered) return;
        if (nta_incoming_status(session.invite.get()) < 200) {
            nta_incoming_treply(session.invite.get(), SIP_487_REQUEST_CANCELLED, TAG_END());
        }
        return lose(session, messages::LegEnd::cancelled);
    }
    if (session.state != Session::State::accepted) return;
    session.state = Session::State::established;
    session.invite.reset();
    const std::string key = session.leg.key;
    lanes_.resume(key);  // may end the session
}

bool SessionDialogs::is_from_its_host(const Session& session, nta_incoming_t* request) const {
    const MessageHandle message(nta_incoming_getrequest(request));
    const TransportHandle transport = transport_of(exchange_.agent(), message.get());
    exchange_.heard(transport.get());
    return session.hosts.knows(peer_of(message.get(), transport.get()).host);
}

int SessionDialogs::take_request(Session& session, nta_incoming_t* request, const sip_t* sip) {
    if (sip->sip_request->rq_method != sip_method_ack && !is_from_its_host(session, request)) return 403;
    if (const std::string unknown = unknown_extensions(sip); !unknown.empty()) {
        const IncomingHandle answered(request);
        nta_incoming_treply(request, SIP_420_BAD_EXTENSION, SIPTAG_UNSUPPORTED_STR(unknown.c_str()),
                            TAG_END());
        return 0;
    }
    switch (sip->sip_request->rq_method) {
        case sip_method_message:
            return take_text(session, request, sip);
        case sip_method_bye:
            return take_bye(session);
        case sip_method_invite:
            return take_reinvite(session, request, sip);
        case sip_method_ack:
            return 0;
        case sip_method_update:
            return take_update(session, request, sip);
        case sip_method_options:
            return 200;
        default:
            break;
    }
    return refuse_method(request);
}

int SessionDialogs::take_text(Session& session, nta_incoming_t* request, const sip_t* sip) {
    return texts_.take(request, sip, [&](SipTxnId txn, std::string text) {
        messages::TextReceived received;
        received.txn = txn;
        received.leg = session.leg;
        received.text = std::move(text);
        received.transaction = TransactionDigest::text_of(exchange_.key_of(sip));
        if (auto who = caller_of(sip); Caller* caller = std::get_if<Caller>(&who)) {
            received.host = std::move(caller->host);
            received.customer = std::move(caller->customer);
            received.ani = std::move(caller->ani);
        }
        return received;
    });
}

int SessionDialogs::take_reinvite(Session& session, nta_incoming_t* request, const sip_t* sip) {
    if (session.state == Session::State::offered || session.refresh.inviting()) return 491;
    const RefreshTerms terms = agree_on_refresh(sip, exchange_.settings().least_session_interval);
    if (terms.refusal != 0) return refuse_interval(request);
    const std::string_view offer = payload_of(sip);
    if (!offer.empty() && !offers_messages(offer)) return 488;
    const IncomingHandle answered(request);
    if (!offer.empty() && offer != session.offered_sdp) session.offered_sdp = offer, ++session.sdp_version;
    const std::string sdp = answer_messages(session.offered_sdp, session.local.host, session.local.port,
                                            session.number, session.sdp_version);
    move(session, request, sip);
    const std::string expires = terms.session_expires();
    nta_incoming_treply(request, SIP_200_OK, SIPTAG_CONTACT_STR(session.contact.c_str()),
                        SIPTAG_ALLOW_STR(allowed_methods), SIPTAG_CONTENT_TYPE_STR("application/sdp"),
                        SIPTAG_REQUIRE_STR(terms.require()),
                        TAG_IF(!expires.empty(), SIPTAG_SESSION_EXPIRES_STR(expires.c_str())),
                        SIPTAG_PAYLOAD_STR(sdp.c_str()), TAG_END());
    session.refresh.agreed(terms);
    return 0;
}

int SessionDialogs::take_update(Session& session, nta_incoming_t* request, const sip_t* sip) {
    const RefreshTerms terms = agree_on_refresh(sip, exchange_.settings().least_session_interval);
    if (terms.refusal != 0) return refuse_interval(request);
    if (!payload_of(sip).empty()) return 488;  // a new offer comes in an INVITE
    const IncomingHandle answered(request);
    if (session.state != Session::State::offered) {
        move(session, request, sip);
        session.refresh.agreed(terms);
    }
    const std::string expires = terms.session_expires();
    nta_incoming_treply(request, SIP_200_OK, SIPTAG_CONTACT_STR(session.contact.c_str()),
                        SIPTAG_ALLOW_STR(allowed_methods), SIPTAG_REQUIRE_STR(terms.require()),
                        TAG_IF(!expires.empty(), SIPTAG_SESSION_EXPIRES_STR(expires.c_str())), TAG_END());
    return 0;
}

int SessionDialogs::refuse_interval(nta_incoming_t* request) {
    const IncomingHandle answered(request);
    const std::string least = std::to_string(exchange_.settings().least_session_interval.count());
    nta_incoming_treply(request, SIP_422_SESSION_TIMER_TOO_SMALL, SIPTAG_MIN_SE_STR(least.c_str()),
                        TAG_END());
    return 0;
}

void SessionDialogs::move(Session& session, nta_incoming_t* request, const sip_t* sip) {
    const MessageHandle message(nta_incoming_getrequest(request));
    const TransportHandle transport = transport_of(exchange_.agent(), message.get());
    const Peer peer = peer_of(message.get(), transport.get());
    if (transport == nullptr || peer.host != session.peer_host) return;
    session.next_hop = reply_route(peer, session.proxied ? nullptr : sip->sip_contact);
    if (sip->sip_contact != nullptr)
        nta_leg_client_reroute(session.dialog.get(), nullptr, sip->sip_contact, 0);
}

void SessionDialogs::send_refresh(Session& session) {
    if (session.state != Session::State::established || session.ending) return;
    const std::string sdp = answer_messages(session.offered_sdp, session.local.host, session.local.port,
                                            session.number, session.sdp_version);
    session.refresh.refresh({session.dialog.get(), session.next_hop, session.contact, sdp});
}

void SessionDialogs::expire(Session& session) {
    say_bye(session);
    lose(session, messages::LegEnd::lost);
}

int SessionDialogs::take_bye(Session& session) {
    const bool early = session.state == Session::State::offered;
    if (early)
        nta_incoming_treply(session.invite.get(), SIP_487_REQUEST_CANCELLED, TAG_END());  // RFC 3261 15.1.2
    lose(session, early ? messages::LegEnd::cancelled : messages::LegEnd::released);
    return 200;
}

OutgoingHandle SessionDialogs::begin(const messages::SendText& text, ResponseListener& listener) {
    static const std::string remote_target;  // the dialog's own
    Session* session = find(text.leg.key);
    if (session == nullptr || session->state != Session::State::established) return nullptr;
    return begin_text({exchange_.agent(), session->dialog.get(), text.text, session->next_hop, remote_target,
                       exchange_.settings().user_agent},
                      listener);
}

std::string SessionDialogs::stranger_at(const std::string& leg_key) {
    const Session* session = find(leg_key);
    return session == nullptr ? std::string() : session->peer_host;
}

void SessionDialogs::text_ended(const std::string& leg_key, int status, bool by_stack) {
    Session* session = find(leg_key);
    // RFC 5057 5.1: these say that the dialog itself is gone, other failures are the text's alone.
    if (session != nullptr && (by_stack || status == 408 || status == 481))
        lose(*session, messages::LegEnd::lost);
}

void SessionDialogs::lane_empty(const std::string& leg_key) {
    Session* session = find(leg_key);
    if (session == nullptr || !session->ending) return;
    say_bye(*session);
    erase(*session);
}

void SessionDialogs::end(const std::string& leg_key) {
    Session* session = find(leg_key);
    if (session == nullptr) return;  // the customer was faster
    session->ending = true;
    if (session->state == Session::State::offered) {
        nta_incoming_treply(session->invite.get(), SIP_480_TEMPORARILY_UNAVAILABLE, TAG_END());
        return erase(*session);
    }
    if (lanes_.empty(leg_key))
        lane_empty(leg_key);  // else when the texts before it are through and the ACK is here
}

void SessionDialogs::say_bye(Session& session) {
    // Without a listener Sofia carries the transaction to its end and frees it; how it ends changes nothing
    // for us.
    const char* const door = kept_door(exchange_.agent(), session.next_hop);
    nta_outgoing_tcreate(session.dialog.get(), nullptr, nullptr, as_url(session.next_hop), SIP_METHOD_BYE,
                         nullptr, TAG_IF(door != nullptr, TPTAG_IDENT(door)),
                         SIPTAG_USER_AGENT_STR(exchange_.settings().user_agent.c_str()), TAG_END());
}

void SessionDialogs::lose(Session& session, messages::LegEnd how) {
    if (!session.ending) exchange_.post(messages::LegEnded{session.leg.key, how});
    erase(session);
}

void SessionDialogs::erase(Session& session) {
    const std::string key = session.leg.key;
    peers_.close(session.peer_name);
    offers_.erase(session.offer);
    sessions_.erase(key);
    lanes_.resume(key);  // what still waits there ends with 481
}

void SessionDialogs::close() {
    for (const auto& [key, session] : sessions_) {
        if (session->state == Session::State::offered) {
            nta_incoming_treply(session->invite.get(), SIP_503_SERVICE_UNAVAILABLE, TAG_END());
        } else {
            say_bye(*session);
        }
    }
    sessions_.clear();
}

}  // namespace trunkline::sip
