#include "adapters/sip/party_texts.hpp"

#include <algorithm>

#include "adapters/sip/uri.hpp"

namespace trunkline::sip {
namespace {

constexpr char between = '\n';  // in no part of an address

std::string reply_key(const std::string& to, const std::string& user, const std::string& host,
                      const std::string& peer) {
    return to.substr(0, to.find(';')) + between + user + between + host + between + peer;
}

/// sips means TLS on this hop (RFC 3261 26.2.2), and a check of the other side.
std::string transport_in(const Uri& uri) {
    std::string transport = uri.param("transport");
    for (char& c : transport)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (uri.scheme == "sips" || transport == "tls") return "tls";
    return transport == "tcp" ? "tcp" : "udp";
}

}  // namespace

std::optional<Peer> way_to(const NtaAgent& agent, const std::string& address) {
    const auto uri = parse_uri(address);
    if (!uri || uri->scheme == "tel") return std::nullopt;
    // The number behind a name may stand in maddr (RFC 3261 19.1.1).
    const std::string number = uri->param("maddr");
    Peer peer{plain_host(number.empty() ? uri->host : number), uri->effective_port(), transport_in(*uri), ""};
    const std::string local = local_host_towards(peer);
    if (local.empty() || agent.listens_on(peer)) return std::nullopt;
    if (peer.transport == "udp") peer.door = agent.door_from(local);
    if (peer.transport != "tls") return peer;
    peer.door = uri->param("door");  // of a connection that the peer made to us
    if (!agent.is_tls_door(peer.door)) peer.door = agent.tls_door_to(uri->scheme == "sips" ? uri->host : "");
    if (peer.door.empty()) return std::nullopt;
    return peer;
}

void PartyTexts::open(const messages::OpenLeg& leg) { legs_[leg.leg.key].opened = leg; }

void PartyTexts::set_ways(const std::string& leg_key, std::deque<Way> ways) {
    const auto found = legs_.find(leg_key);
    if (found == legs_.end() || ways.empty()) return;
    found->second.ways = std::move(ways);
    listen(found->second);
}

void PartyTexts::listen(Leg& leg) {
    const messages::OpenLeg& opened = leg.opened;
    const auto party = parse_uri(opened.to);
    if (leg.ended || !party) return;
    const std::string host = opened.any_domain ? "" : party->host;
    for (const std::string& user : {party->plain_user(), opened.also}) {
        if (user.empty()) continue;
        std::string writer = reply_key(opened.from_user, user, host, leg.ways.front().peer_name);
        if (std::find(leg.writers.begin(), leg.writers.end(), writer) != leg.writers.end()) continue;
        replies_.insert_or_assign(writer, opened.leg.key);
        leg.writers.push_back(std::move(writer));
    }
}

bool PartyTexts::next_way(const std::string& leg_key) {
    const auto found = legs_.find(leg_key);
    if (found == legs_.end() || found->second.ways.size() < 2) return false;
    Leg& leg = found->second;
    std::rotate(leg.ways.begin(), leg.ways.begin() + 1, leg.ways.end());
    listen(leg);
    if (++leg.failed < leg.ways.size()) return true;
    leg.failed = 0;
    return false;
}

void PartyTexts::text_ended(const std::string& leg_key) {
    if (const auto found = legs_.find(leg_key); found != legs_.end()) found->second.failed = 0;
}

void PartyTexts::end(const std::string& leg_key) {
    const auto found = legs_.find(leg_key);
    if (found == legs_.end()) return;
    found->second.ended = true;
    for (const std::string& writer : found->second.writers) {
        const auto reply = replies_.find(writer);
        if (reply != replies_.end() && reply->second == leg_key) replies_.erase(reply);
    }
}

void PartyTexts::forget(const std::string& leg_key) { legs_.erase(leg_key); }

bool PartyTexts::ended(const std::string& leg_key) const {
    const auto found = legs_.find(leg_key);
    return found != legs_.end() && found->second.ended;
}

const std::string* PartyTexts::route_of(const std::string& leg_key) const {
    const auto found = legs_.find(leg_key);
    return found == legs_.end() || found->second.ways.empty() ? nullptr : &found->second.ways.front().route;
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
