// Who is at the other end, and what he may: a Trunk of the configuration by its address, else the source
// address of the message, whatever the transport. Sessions of both modes are counted together. SIP thread.
#pragma once

#include <unordered_map>
#include <vector>

#include "adapters/sip/address.hpp"
#include "adapters/sip/peer_limits.hpp"
#include "adapters/sip/peer_proofs.hpp"
#include "adapters/sip/sip_server.hpp"

namespace trunkline::sip {

class Peers {
  public:
    explicit Peers(const SipSettings& settings)
        : everybody_{settings.peer_sessions, settings.peer_new_per_second} {}

    /// The Trunks of the configuration, instead of those before. One whose host is a name is known once its
    /// addresses are: know().
    void set_trunks(std::vector<SipTrunk> trunks);
    /// The trunk has this address too.
    void know(const std::string& trunk, const std::string& host);

    [[nodiscard]] bool is_trunk(const std::string& host) const { return trunk_at_.contains(host); }
    /// The name under which sessions and keys of this peer are kept.
    [[nodiscard]] std::string name_of(const std::string& host) const;
    /// Counts a new session of a peer, by its name; false when he is over a limit.
    [[nodiscard]] bool open(const std::string& name);
    void close(const std::string& name) { limits_.close(name); }

    [[nodiscard]] PeerProofs& proofs() { return proofs_; }

  private:
    PeerAllowance everybody_;
    PeerLimits limits_;
    PeerProofs proofs_;
    std::unordered_map<std::string, std::string> trunk_at_;           // host -> name
    std::unordered_map<std::string, PeerAllowance> trunk_allowance_;  // by name
};

}  // namespace trunkline::sip
