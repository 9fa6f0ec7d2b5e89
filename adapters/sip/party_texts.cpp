#include "adapters/sip/party_texts.hpp"

#include "adapters/sip/uri.hpp"

namespace trunkline::sip {
namespace {

constexpr char between = '\n';  // in no part of an address

std::string reply_key(const std::string& to, const std::string& user, const std::string& host,
                      const std::string& peer) {
    return to.substr(0, to.find(';')) + between + user + between + host + between + peer;
}

}  // namespace

std::optional<Peer> way_to(const NtaAgent& agent, const std::string& address) {
    const auto uri = parse_uri(address);
    if (!uri || uri->scheme != "sip") return std::nullopt;
    const std::string transport = uri->param("transport");
    const bool tcp = transport == "tcp" || transport == "TCP";
    Peer peer{plain_host(uri->host), uri->effective_port(), tcp ? "tcp" : "udp", ""};
    const std::string local = local_host_towards(peer);
    if (local.empty() || agent.listens_on(peer)) return std::nullopt;
    peer.door = tcp ? "" : agent.door_from(local);
    return peer;
}

void PartyTexts::open(const messages::OpenLeg& leg) {
    Leg& own = legs_[leg.leg.key];
    const auto peer = way_to(agent_, leg.leg.route);
    const auto party = parse_uri(leg.to);
    if (!peer || !party) return;
    own.route = peer->url();
    own.writer = reply_key(leg.from_user, party->plain_user(), leg.any_domain ? "" : party->host, peer->host);
    replies_.insert_or_assign(own.writer, leg.leg.key);
}

void PartyTexts::end(const std::string& leg_key) {
    const auto found = legs_.find(leg_key);
    if (found == legs_.end()) return;
    found->second.ended = true;
    const auto reply = replies_.find(found->second.writer);
    if (reply != replies_.end() && reply->second == leg_key) replies_.erase(reply);
}

void PartyTexts::forget(const std::string& leg_key) { legs_.erase(leg_key); }

bool PartyTexts::ended(const std::string& leg_key) const {
    const auto found = legs_.find(leg_key);
    return found != legs_.end() && found->second.ended;
}

const std::string* PartyTexts::route_of(const std::string& leg_key) const {
    const auto found = legs_.find(leg_key);
    return found == legs_.end() || found->second.route.empty() ? nullptr : &found->second.route;
}

const std::string* PartyTexts::leg_of(const Caller& caller, const std::string& peer) const {
    if (replies_.empty()) return nullptr;
    const auto from = parse_uri(caller.customer);
    if (!from) return nullptr;
    for (const std::string& host : {from->host, std::string()})
        if (const auto found = replies_.find(reply_key(caller.dnis, from->plain_user(), host, peer));
            found != replies_.end())
            return &found->second;
    return nullptr;
}

}  // namespace trunkline::sip
