#include "adapters/sip/pager_texts.hpp"

#include "adapters/sip/address.hpp"
#include "adapters/sip/callbacks.hpp"
#include "adapters/sip/caller.hpp"
#include "adapters/sip/outgoing_text.hpp"
#include "adapters/sip/uri.hpp"

namespace trunkline::sip {

PagerTexts::PagerTexts(Exchange& exchange, Peers& peers, const PartyTexts& parties,
                       const Registrar& registrar)
    : exchange_(exchange),
      peers_(peers),
      parties_(parties),
      registrar_(registrar),
      duplicates_(exchange.settings().duplicates_limit) {
    for (const std::string& transaction : exchange.settings().taken_before) {
        const TransactionKey key = TransactionDigest::key_in(transaction);
        if (duplicates_.insert(key)) duplicates_.answer(key, 200, steady_now());
    }
}

bool PagerTexts::taken_before(const sip_t* sip) {
    return duplicates_.find(exchange_.key_of(sip), steady_now()).seen == DuplicateTable::Seen::answered;
}

void PagerTexts::take(MessageHandle request, const sip_t* sip) {
    const TransactionKey key = exchange_.key_of(sip);
    const auto before = duplicates_.find(key, steady_now());
    if (before.seen == DuplicateTable::Seen::unanswered) return;
    if (before.seen == DuplicateTable::Seen::answered) {
        return exchange_.reply(std::move(request), before.status, headers_for(before.status));
    }
    // What is refused here is refused again when it is repeated, so the table need not know it.
    TextBody body = body_of(sip);
    if (body.refusal != 0)
        return exchange_.reply(std::move(request), body.refusal, headers_for(body.refusal));
    if (!body.shown) return exchange_.reply(std::move(request), 200);
    auto who = caller_of(sip);
    if (const int* refusal = std::get_if<int>(&who)) return exchange_.reply(std::move(request), *refusal);
    TransportHandle transport = transport_of(exchange_.agent(), request.get());
    const Peer peer = peer_of(request.get(), transport.get());
    Caller& caller = std::get<Caller>(who);
    const std::string peer_name = peers_.name_of(peer.host);
    const std::string* ours = parties_.leg_of(caller, peer_name);
    std::string leg_key = caller.dnis + "@" + caller.host + "|" + caller.customer + "|" + peer_name;
    const bool room = exchange_.accepting() && unanswered_.size() < exchange_.settings().unanswered_limit;
    if (!room || !duplicates_.insert(key)) return exchange_.reply(std::move(request), 503, headers_for(503));
    if (ours == nullptr && !ask(leg_key, peer_name)) {
        duplicates_.erase(key);
        return exchange_.reply(std::move(request), 503, headers_for(503));
    }
    const SipTxnId txn = exchange_.next_txn();
    unanswered_.emplace(txn, Unanswered{std::move(request), std::move(transport), key,
                                        ours == nullptr ? leg_key : std::string()});
    if (ours != nullptr)
        return exchange_.post(
            messages::LegText{txn, *ours, std::move(body.text), TransactionDigest::text_of(key)});
    messages::LegAddress leg{messages::LegKind::pager, std::move(leg_key), way_back(peer, caller, sip)};
    exchange_.post(messages::TextReceived{txn, std::move(leg), std::move(caller.dnis), std::move(caller.host),
                                          std::move(caller.customer), std::move(caller.ani),
                                          std::move(body.text), TransactionDigest::text_of(key)});
}

bool PagerTexts::answer(const messages::AnswerText& answer) {
    auto found = unanswered_.extract(answer.txn);
    if (found.empty()) return false;
    Unanswered& one = found.mapped();
    duplicates_.answer(one.key, answer.status, steady_now());
    if (!one.leg_key.empty()) answered(one.leg_key, answer.status < 300);
    const bool usable = one.transport != nullptr && !tport_is_shutdown(one.transport.get()) &&
                        !tport_is_closed(one.transport.get());
    exchange_.reply(std::move(one.request), answer.status, headers_for(answer.status),
                    usable ? one.transport.get() : nullptr);
    return true;
}

bool PagerTexts::ask(const std::string& leg_key, const std::string& peer) {
    auto session = sessions_.find(leg_key);
    if (session == sessions_.end()) {
        if (!peers_.open(peer)) return false;
        session = sessions_.emplace(leg_key, Session{peer}).first;
    }
    ++session->second.asked;
    return true;
}

void PagerTexts::answered(const std::string& leg_key, bool taken) {
    const auto session = sessions_.find(leg_key);
    if (session == sessions_.end()) return;
    --session->second.asked;
    if (taken) session->second.there = true;
    forget_if_over(leg_key);
}

void PagerTexts::end(const std::string& leg_key) {
    const auto session = sessions_.find(leg_key);
    if (session == sessions_.end()) return;
    // A text that the engine has not answered yet opens another session: that one takes this one's place.
    session->second.there = false;
    forget_if_over(leg_key);
}

void PagerTexts::forget_if_over(const std::string& leg_key) {
    const auto session = sessions_.find(leg_key);
    if (session->second.there || session->second.asked > 0) return;
    peers_.close(session->second.peer);
    sessions_.erase(session);
}

std::string PagerTexts::way_back(const Peer& peer, const Caller& caller, const sip_t* sip) const {
    std::string route = reply_route(peer, sip->sip_contact, peers_.is_trunk(peer.host));
    const auto from = parse_uri(caller.customer);
    // Somebody of this domain: only then is the name in From one that could be registered here.
    if (route != peer.url() || !from || from->host != caller.host) return route;
    return registrar_.route_of(from->host, from->plain_user()).value_or(std::move(route));
}

std::string PagerTexts::stranger_at(const messages::LegAddress& leg) const {
    if (parties_.knows(leg.key)) return {};
    const auto uri = parse_uri(leg.route);
    const std::string host = uri ? plain_host(uri->host) : std::string();
    return peers_.is_trunk(host) ? std::string() : host;
}

OutgoingHandle PagerTexts::begin(const messages::SendText& text, ResponseListener& listener) {
    const std::string* route =
        parties_.knows(text.leg.key) ? parties_.route_of(text.leg.key) : &text.leg.route;
    if (route == nullptr) return nullptr;
    // A leg of one request: it gives From tag, Call-ID and CSeq and is gone before the answer comes.
    const std::string from = "<sip:" + escaped_user(text.from_dn) + "@" + text.from_host + ">";
    const std::string to = "<" + text.to + ">";
    const LegHandle leg(nta_leg_tcreate(exchange_.agent(), nullptr, nullptr, SIPTAG_FROM_STR(from.c_str()),
                                        SIPTAG_TO_STR(to.c_str()), TAG_END()));
    if (leg == nullptr || nta_leg_tag(leg.get(), nullptr) == nullptr) return nullptr;
    return begin_text(
        {exchange_.agent(), leg.get(), text.text, *route, text.to, exchange_.settings().user_agent},
        listener);
}

}  // namespace trunkline::sip
