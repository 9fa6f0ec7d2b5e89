#include "adapters/sip/address.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "adapters/sip/uri.hpp"
#include "engine/base/words.hpp"

namespace trunkline::sip {
namespace {

struct HostPort {
    std::string host;
    int port = 0;
};

HostPort host_port_of(const sockaddr* address) {
    char text[INET6_ADDRSTRLEN] = "";
    if (address->sa_family == AF_INET) {
        sockaddr_in four{};
        std::memcpy(&four, address, sizeof four);
        inet_ntop(AF_INET, &four.sin_addr, text, sizeof text);
        return {text, ntohs(four.sin_port)};
    }
    if (address->sa_family == AF_INET6) {
        sockaddr_in6 six{};
        std::memcpy(&six, address, sizeof six);
        if (IN6_IS_ADDR_V4MAPPED(&six.sin6_addr)) {
            inet_ntop(AF_INET, six.sin6_addr.s6_addr + 12, text, sizeof text);
        } else {
            inet_ntop(AF_INET6, &six.sin6_addr, text, sizeof text);
        }
        return {text, ntohs(six.sin6_port)};
    }
    return {};
}

bool is_wildcard(const std::string& host) {
    return host.empty() || host == "0.0.0.0" || host == "::" || host == "*";
}

}  // namespace

bool is_number(const std::string& host) {
    in6_addr number{};
    return inet_pton(AF_INET, host.c_str(), &number) == 1 || inet_pton(AF_INET6, host.c_str(), &number) == 1;
}

std::string plain_host(const std::string& host) {
    return host.size() > 2 && host.front() == '[' ? host.substr(1, host.size() - 2) : host;
}

std::string uri_host(const std::string& host) {
    return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

std::string ListenAddress::url() const {
    return (transport == "tls" ? "sips:" : "sip:") + host + ":" + (port == 0 ? "*" : std::to_string(port)) +
           ";transport=" + transport;
}

Result<ListenAddress> parse_listen_address(std::string_view text) {
    const auto fail = [&](const char* why) {
        return Error{ErrorCode::bad_attribute,
                     "sip.listen: '" + std::string(text) + "' " + why +
                         "; write transport:address:port, for example udp:0.0.0.0:5060"};
    };
    const auto first = text.find(':');
    const auto last = text.rfind(':');
    if (first == std::string_view::npos || last == first) return fail("is not transport:address:port");
    ListenAddress address;
    address.transport = text.substr(0, first);
    address.host = text.substr(first + 1, last - first - 1);
    if (address.transport != "udp" && address.transport != "tcp" && address.transport != "tls")
        return fail("has a transport other than udp, tcp and tls");
    const auto port = number_in<std::uint16_t>(text.substr(last + 1));
    if (!port) return fail("has no port from 0 to 65535");
    address.port = *port;
    in6_addr number{};
    const std::string plain = plain_host(address.host);
    const bool six = address.host.front() == '[';
    if (inet_pton(six ? AF_INET6 : AF_INET, plain.c_str(), &number) != 1)
        return fail("has no numeric address");
    return address;
}

std::string Peer::url() const {
    return "sip:" + uri_host(host) + ":" + std::to_string(port) + ";transport=" + transport +
           (door.empty() ? "" : ";door=" + door);
}

std::string Peer::contact_parameters() const { return transport == "udp" ? "" : ";transport=" + transport; }

std::string door_of(const std::string& route) {
    const auto uri = parse_uri(route);
    return uri ? uri->param("door") : std::string();
}

const char* kept_door(nta_agent_t* agent, const std::string& route) {
    const std::string door = door_of(route);
    for (const tport_t* one = tport_primaries(nta_agent_tports(agent)); one != nullptr; one = tport_next(one))
        if (tport_ident(one) != nullptr && door == tport_ident(one)) return tport_ident(one);
    return nullptr;
}

std::vector<ListenAddress> each_interface(const ListenAddress& address) {
    ifaddrs* all = nullptr;
    // With port 0 Sofia finds one that is free on every interface.
    if (address.host != "0.0.0.0" || address.port == 0 || ::getifaddrs(&all) != 0) return {address};
    std::vector<ListenAddress> each;
    for (const ifaddrs* one = all; one != nullptr; one = one->ifa_next) {
        if (one->ifa_addr == nullptr || one->ifa_addr->sa_family != AF_INET || (one->ifa_flags & IFF_UP) == 0)
            continue;
        std::string host = host_port_of(one->ifa_addr).host;
        const auto same = [&host](const ListenAddress& other) { return other.host == host; };
        if (std::none_of(each.begin(), each.end(), same))
            each.push_back({address.transport, std::move(host), address.port});
    }
    ::freeifaddrs(all);
    if (each.empty()) each.push_back(address);
    return each;
}

Peer peer_of(const msg_t* msg, const tport_t* transport) {
    const su_sockaddr_t* address = msg_addr(const_cast<msg_t*>(msg));
    HostPort from = host_port_of(&address->su_sa);
    const char* door = nullptr;
    if (transport != nullptr)
        door = tport_ident(tport_is_primary(transport) ? transport : tport_parent(transport));
    const char* const protocol = transport == nullptr       ? "udp"
                                 : tport_has_tls(transport) ? "tls"
                                 : tport_is_tcp(transport)  ? "tcp"
                                                            : "udp";
    return {std::move(from.host), from.port, protocol, door == nullptr ? "" : door};
}

TransportHandle transport_of(nta_agent_t* agent, const msg_t* msg) {
    tport_t* transport = tport_delivered_by(nta_agent_tports(agent), msg);
    return TransportHandle(transport == nullptr ? nullptr : tport_ref(transport));
}

std::string reply_route(const Peer& peer, const sip_contact_t* contact, bool trusted) {
    if (contact == nullptr || (peer.transport != "udp" && !trusted)) return peer.url();
    const auto uri = parse_uri(url_text(contact->m_url));
    if (!uri || uri->scheme != "sip") return peer.url();
    const std::string host = plain_host(uri->host);
    if (host != peer.host && !(trusted && is_number(host))) return peer.url();
    const bool tcp = uri->param("transport") == "tcp" || uri->param("transport") == "TCP";
    return Peer{host, uri->effective_port(), tcp ? "tcp" : "udp", tcp ? "" : peer.door}.url();
}

DialogHosts::DialogHosts(std::string peer_host, const sip_contact_t* contact, const sip_record_route_t* route)
    : peer_host_(std::move(peer_host)), proxied_(route != nullptr) {
    if (contact == nullptr) return;
    if (const auto uri = parse_uri(url_text(contact->m_url))) contact_host_ = plain_host(uri->host);
}

std::string local_host_towards(const Peer& peer) {
    sockaddr_storage remote{};
    socklen_t size = 0;
    if (sockaddr_in four{}; inet_pton(AF_INET, peer.host.c_str(), &four.sin_addr) == 1) {
        four.sin_family = AF_INET;
        four.sin_port = htons(static_cast<std::uint16_t>(peer.port));
        std::memcpy(&remote, &four, size = sizeof four);
    } else if (sockaddr_in6 six{}; inet_pton(AF_INET6, peer.host.c_str(), &six.sin6_addr) == 1) {
        six.sin6_family = AF_INET6;
        six.sin6_port = htons(static_cast<std::uint16_t>(peer.port));
        std::memcpy(&remote, &six, size = sizeof six);
    } else {
        return {};
    }
    // Connecting a UDP socket chooses the local end and sends nothing.
    const int probe = ::socket(remote.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (probe < 0) return {};
    std::string host;
    sockaddr_storage local{};
    socklen_t local_size = sizeof local;
    if (::connect(probe, reinterpret_cast<sockaddr*>(&remote), size) == 0 &&
        ::getsockname(probe, reinterpret_cast<sockaddr*>(&local), &local_size) == 0) {
        host = host_port_of(reinterpret_cast<sockaddr*>(&local)).host;
    }
    ::close(probe);
    return host;
}

LocalAddress local_address(const tport_t* transport, const Peer& peer) {
    LocalAddress local;
    const tport_t* primary = tport_is_primary(transport) ? transport : tport_parent(transport);
    const tp_name_t* name = tport_name(primary);
    if (name->tpn_port != nullptr)
        std::from_chars(name->tpn_port, name->tpn_port + std::strlen(name->tpn_port), local.port);
    if (name->tpn_host != nullptr) local.host = plain_host(name->tpn_host);
    if (is_wildcard(local.host)) local.host = local_host_towards(peer);
    return local;
}

}  // namespace trunkline::sip
