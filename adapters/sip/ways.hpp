// The ways to SIP addresses: at once to those that are written with numbers, after a look-up to names (RFC
// 3263). Only addresses that the configuration, a strategy or a trunk gives come here; a stranger's name is
// never looked up. SIP thread; answers are kept as long as they are good, and bounded.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/sip/nta_agent.hpp"
#include "adapters/sip/resolver.hpp"

namespace trunkline::sip {

class Ways {
  public:
    /// `deliver` takes an answer to the SIP thread, to answered().
    Ways(const NtaAgent& agent, const std::vector<std::string>& name_servers, Resolver::Deliver deliver)
        : agent_(agent), resolver_(name_servers, std::move(deliver)) {}

    using Then = std::function<void(const std::vector<Peer>& peers)>;
    /// Calls `then` once, now or later, with the peers in the order in which they are to be tried; with none
    /// where there is no way. Not after close().
    void find(const std::string& address, Then then);
    void answered(std::uint64_t id, DnsAnswer answer);
    void close() { waiting_.clear(); }

  private:
    using Clock = std::chrono::steady_clock;
    struct Known {
        std::vector<DnsTarget> targets;
        Clock::time_point until;
    };
    struct Waiting {
        DnsQuestion question;
        std::vector<std::pair<std::string, Then>> asked;  // address, what then
    };
    [[nodiscard]] std::vector<Peer> peers_of(const std::string& address,
                                             const std::vector<DnsTarget>& targets) const;
    void keep(const DnsQuestion& question, DnsAnswer answer);

    const NtaAgent& agent_;
    Resolver resolver_;
    std::map<DnsQuestion, Known> known_;
    std::map<DnsQuestion, std::uint64_t> asking_;
    std::unordered_map<std::uint64_t, Waiting> waiting_;
    std::uint64_t last_ = 0;
};

}  // namespace trunkline::sip
