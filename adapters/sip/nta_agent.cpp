#include "adapters/sip/nta_agent.hpp"

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

#include "adapters/sip/address.hpp"
#include "adapters/sip/callbacks.hpp"
#include "adapters/sip/tls_doors.hpp"

namespace trunkline::sip {
namespace {

constexpr unsigned receive_buffer =
    4'000'000;  // with the default, datagrams are lost at half of the possible load
constexpr unsigned longest_datagram = 65'000;  // never change to TCP because of a text's length
constexpr unsigned longest_message = 256 * 1024;

/// Sofia's resolver turns for ever when the system's name server is unreachable. We route by number only; a
/// name that slips through is asked of this machine, which refuses at once: so it does where its file of name
/// servers is not there.
constexpr const char* no_resolver_file = "/nonexistent/resolv.conf";

void open_door(nta_agent_t* agent, const ListenAddress& address) {
    const std::string url = address.url();
    const std::string door = address.text();
    if (nta_agent_add_tport(agent, as_url(url), TPTAG_IDENT(door.c_str()), TPTAG_UDP_RMEM(receive_buffer),
                            TPTAG_CERTIFICATE(no_certificate_folder),
                            TPTAG_TLS_VERIFY_POLICY(TPTLS_VERIFY_NONE), TAG_END()) == 0) {
        return;
    }
    const int error = errno;
    const char* advice =
        error == EADDRINUSE ? "Stop the program that uses it, or choose another port in sip.listen."
        : error == EACCES
            ? "Choose a port above 1023 in sip.listen, or give the program the right to bind it."
        : error == EADDRNOTAVAIL
            ? "This machine does not have that address; choose one of its own in sip.listen."
            : "Choose another address in sip.listen.";
    throw std::runtime_error("SIP cannot listen on " + address.text() + ": " +
                             std::generic_category().message(error) + ". " + advice);
}

bool is_any_host(const std::string& host) { return host == "0.0.0.0" || host == "::" || host == "*"; }

ListenAddress listen_address(const std::string& text, const AgentOptions& options) {
    auto address = parse_listen_address(text);
    if (!address) throw std::runtime_error(address.error().message);
    if (address->transport == "tls" && !options.tls)
        throw std::runtime_error("sip.listen: '" + text +
                                 "' needs a certificate; add sip.tls: {cert: FILE, key: FILE}");
    return *address;
}

/// Calling doors listen on no port.
bool listens(const tport_t* door) { return std::string_view(tport_name(door)->tpn_port) != "*"; }

}  // namespace

NtaAgent::NtaAgent(su_root_t* root, const AgentOptions& options, MessageListener& listener) {
    const auto* no_transport_yet = reinterpret_cast<const url_string_t*>(-1);
    agent_.reset(nta_agent_create(
        root, no_transport_yet, callbacks::message, &listener, NTATAG_UA(1), NTATAG_UDP_MTU(longest_datagram),
        NTATAG_MAXSIZE(longest_message), NTATAG_SIP_T1(static_cast<unsigned>(options.t1.count())),
        NTATAG_SIP_T1X64(static_cast<unsigned>(options.t1.count() * 64)), NTATAG_USE_NAPTR(0),
        NTATAG_USE_SRV(0), TPTAG_UDP_RMEM(receive_buffer), SRESTAG_RESOLV_CONF(no_resolver_file), TAG_END()));
    if (agent_ == nullptr) throw std::runtime_error("SIP cannot start: Sofia made no agent");
    tls_ = std::make_unique<TlsDoors>(
        root, agent_.get(), options.tls.value_or(tls::Files{"sip.tls", "", "", ""}), options.handshake_limit);
    for (const std::string& text : options.listen)
        for (const ListenAddress& one : each_interface(listen_address(text, options))) {
            const auto open = [&] { open_door(agent_.get(), one); };
            if (one.transport == "tls")
                tls_->listen(open);
            else
                open();
        }
}

NtaAgent::~NtaAgent() = default;

std::vector<std::string> NtaAgent::listening() const {
    std::vector<std::string> addresses;
    for (const tport_t* one = tport_primaries(nta_agent_tports(agent_.get())); one != nullptr;
         one = tport_next(one)) {
        const tp_name_t* name = tport_name(one);
        if (!listens(one)) continue;
        addresses.push_back(std::string(name->tpn_proto) + ":" + name->tpn_host + ":" + name->tpn_port);
    }
    return addresses;
}

bool NtaAgent::listens_on(const Peer& peer) const {
    for (const tport_t* one = tport_primaries(nta_agent_tports(agent_.get())); one != nullptr;
         one = tport_next(one)) {
        const tp_name_t* name = tport_name(one);
        if (peer.transport == name->tpn_proto && peer.host == plain_host(name->tpn_host) &&
            std::to_string(peer.port) == name->tpn_port)
            return true;
    }
    return false;
}

LocalAddress NtaAgent::local_towards(const Peer& peer) const {
    LocalAddress local{local_host_towards(peer), peer.transport == "tls" ? 5061 : 5060};
    for (const tport_t* one = tport_primaries(nta_agent_tports(agent_.get())); one != nullptr;
         one = tport_next(one)) {
        const tp_name_t* name = tport_name(one);
        const std::string host = plain_host(name->tpn_host);
        if (listens(one) && peer.transport == name->tpn_proto && (host == local.host || is_any_host(host)))
            return {local.host, std::atoi(name->tpn_port)};
    }
    return local;
}

std::string NtaAgent::door_from(const std::string& local_host) const {
    for (const tport_t* one = tport_primaries(nta_agent_tports(agent_.get())); one != nullptr;
         one = tport_next(one)) {
        const tp_name_t* name = tport_name(one);
        const std::string host = plain_host(name->tpn_host);
        const bool fits = host == local_host || is_any_host(host);
        if (fits && std::string_view(name->tpn_proto) == "udp" && tport_ident(one) != nullptr)
            return tport_ident(one);
    }
    return {};
}

std::string NtaAgent::tls_door_to(const std::string& name) const { return tls_->door_to(name); }

bool NtaAgent::is_tls_door(const std::string& door) const {
    for (const tport_t* one = tport_primaries(nta_agent_tports(agent_.get())); one != nullptr;
         one = tport_next(one))
        if (tport_has_tls(one) && listens(one) && tport_ident(one) == door) return true;
    return false;
}

void NtaAgent::renew_certificates() { tls_->renew(); }

}  // namespace trunkline::sip
