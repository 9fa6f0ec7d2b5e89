// OPTIONS to agents' endpoints: whether anybody is there. Each probe ends in one EndpointProbed. SIP thread.
#pragma once

#include <memory>
#include <unordered_map>

#include "adapters/sip/exchange.hpp"
#include "adapters/sip/nta_agent.hpp"
#include "adapters/sip/ways.hpp"

namespace trunkline::sip {

class EndpointProbes {
  public:
    EndpointProbes(Exchange& exchange, const NtaAgent& agent, Ways& ways);
    ~EndpointProbes();

    void probe(const messages::ProbeEndpoint& endpoint);
    void close();

  private:
    struct Probe;
    friend struct Probe;
    /// Asks at the next of its addresses; without one it is known that nobody answers.
    void ask(std::uint64_t number);
    bool send(Probe& probe, const Peer& peer);
    void ended(std::uint64_t number, bool answers);

    Exchange& exchange_;
    const NtaAgent& agent_;
    Ways& ways_;
    std::unordered_map<std::uint64_t, std::unique_ptr<Probe>> probes_;
    std::uint64_t last_ = 0;
};

}  // namespace trunkline::sip
