// OPTIONS to agents' endpoints: whether anybody is there. Each probe ends in one EndpointProbed. SIP thread.
#pragma once

#include <memory>
#include <unordered_map>

#include "adapters/sip/exchange.hpp"
#include "adapters/sip/nta_agent.hpp"

namespace trunkline::sip {

class EndpointProbes {
  public:
    EndpointProbes(Exchange& exchange, const NtaAgent& agent);
    ~EndpointProbes();

    void probe(const messages::ProbeEndpoint& endpoint);
    void close();

  private:
    struct Probe;
    friend struct Probe;
    void ended(std::uint64_t number, bool answers);

    Exchange& exchange_;
    const NtaAgent& agent_;
    std::unordered_map<std::uint64_t, std::unique_ptr<Probe>> probes_;
    std::uint64_t last_ = 0;
};

}  // namespace trunkline::sip
