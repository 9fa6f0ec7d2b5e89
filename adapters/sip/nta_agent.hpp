// Sofia's agent as this room sets it up: transports, limits and a resolver that asks nobody. SIP thread.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/sip/address.hpp"
#include "adapters/sip/sofia.hpp"
#include "adapters/tls/files.hpp"

namespace trunkline::sip {

class TlsDoors;

struct AgentOptions {
    std::vector<std::string> listen;  // as in SipSettings
    std::chrono::milliseconds t1 = std::chrono::milliseconds(500);
    std::optional<tls::Files> tls;  // as in SipSettings
    std::chrono::milliseconds handshake_limit = std::chrono::seconds(10);
};

class NtaAgent {
  public:
    /// Throws std::runtime_error naming the address that cannot be bound and what to do.
    NtaAgent(su_root_t* root, const AgentOptions& options, MessageListener& listener);
    ~NtaAgent();
    NtaAgent(const NtaAgent&) = delete;
    NtaAgent& operator=(const NtaAgent&) = delete;

    [[nodiscard]] nta_agent_t* get() const { return agent_.get(); }
    /// Where it listens, with real ports: "udp:127.0.0.1:41234".
    [[nodiscard]] std::vector<std::string> listening() const;
    /// Whether it listens there itself.
    [[nodiscard]] bool listens_on(const Peer& peer) const;
    /// Our own address as this peer shall write to it, by its transport; over UDP also where none listens.
    [[nodiscard]] LocalAddress local_towards(const Peer& peer) const;
    /// The UDP door that is bound to this local host or to every one; "" where none is.
    [[nodiscard]] std::string door_from(const std::string& local_host) const;
    /// The TLS door for calls to a peer whose certificate must be valid for `name`; for "" any will do. ""
    /// where none can be opened.
    [[nodiscard]] std::string tls_door_to(const std::string& name) const;
    /// Whether this is a TLS door that listens.
    [[nodiscard]] bool is_tls_door(const std::string& door) const;
    /// Reads the files of `tls` again. Throws std::runtime_error in words.
    void renew_certificates();

  private:
    AgentHandle agent_;
    std::unique_ptr<TlsDoors> tls_;
};

}  // namespace trunkline::sip
