// Transport addresses: where we listen, who sent a message and where answers of ours go. SIP thread for what
// takes Sofia's types; the rest any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/sip/sofia.hpp"
#include "engine/base/error.hpp"

namespace trunkline::sip {

/// One entry of sip.listen: "udp:0.0.0.0:5060", "tls:0.0.0.0:5061", "tcp:[::1]:0" (port 0: any free one).
struct ListenAddress {
    std::string transport;  // "udp", "tcp" or "tls"
    std::string host;       // numeric; IPv6 in brackets
    int port = 0;

    [[nodiscard]] std::string text() const { return transport + ":" + host + ":" + std::to_string(port); }
    /// As Sofia binds it.
    [[nodiscard]] std::string url() const;
};
[[nodiscard]] Result<ListenAddress> parse_listen_address(std::string_view text);

/// 0.0.0.0 with a port becomes one address for each that this machine has now; every other address stays
/// alone. So each is a door of its own, and a reply leaves through the one that its request came through:
/// clients behind a NAT or with a connection hear nothing else (RFC 3581 4).
[[nodiscard]] std::vector<ListenAddress> each_interface(const ListenAddress& address);

/// Who sent a message, and over what.
struct Peer {
    std::string host;  // numeric, without brackets; an IPv4 address inside IPv6 is written as IPv4
    int port = 0;
    std::string transport;  // "udp", "tcp" or "tls"
    std::string door;       // which of our listeners it came through; "" for any

    /// "sip:127.0.0.1:5070;transport=udp;door=udp:127.0.0.1:5060"
    [[nodiscard]] std::string url() const;
    /// What our Contact adds so that this peer comes back by the same transport.
    [[nodiscard]] std::string contact_parameters() const;
};
/// The door in a Peer::url(); "" where there is none.
[[nodiscard]] std::string door_of(const std::string& route);
/// The transport's own text of that door, or null: Sofia keeps the pointer that TPTAG_IDENT gives and reads
/// it again for the ACK or CANCEL of an INVITE and when it tries another way.
[[nodiscard]] const char* kept_door(nta_agent_t* agent, const std::string& route);
/// Only during the callback that brought the message.
[[nodiscard]] Peer peer_of(const msg_t* msg, const tport_t* transport);

/// The transport that brought `msg`, kept alive. Only during the callback that brought it; null if Sofia
/// knows none.
[[nodiscard]] TransportHandle transport_of(nta_agent_t* agent, const msg_t* msg);

/// Where replies go: to the Contact when it names the peer's own host by number, or any by number for a peer
/// who is trusted, and the way is UDP; else back to where the message came from (over TCP: down the same
/// connection). Always numeric, so that no name is looked up.
[[nodiscard]] std::string reply_route(const Peer& peer, const sip_contact_t* contact, bool trusted = false);

/// Which hosts may speak in a dialog: where it was opened from or to, and the Contact's where that is a
/// number; everybody where proxies stay on the way (Record-Route), for they may be many. Who has read a
/// dialog's tags on their way elsewhere has nothing by that.
class DialogHosts {
  public:
    DialogHosts() = default;
    DialogHosts(std::string peer_host, const sip_contact_t* contact, const sip_record_route_t* route);
    [[nodiscard]] bool knows(const std::string& host) const {
        return proxied_ || host == peer_host_ || host == contact_host_;
    }

  private:
    std::string peer_host_, contact_host_;
    bool proxied_ = false;
};

/// Our own address as this peer sees it: what the transport is bound to, or for a wildcard the local end of
/// the way.
struct LocalAddress {
    std::string host;  // IPv6 without brackets
    int port = 0;
};
[[nodiscard]] LocalAddress local_address(const tport_t* transport, const Peer& peer);
/// The local end of the way to `peer`, without brackets; "" when there is no way or its host is no number.
[[nodiscard]] std::string local_host_towards(const Peer& peer);

/// Whether a host, without brackets, is an address and no name.
[[nodiscard]] bool is_number(const std::string& host);
/// The host of a URI without the brackets of IPv6.
[[nodiscard]] std::string plain_host(const std::string& host);
/// `host` ready for a URI: IPv6 in brackets.
[[nodiscard]] std::string uri_host(const std::string& host);

}  // namespace trunkline::sip
