// Workers that look names up, so that the SIP thread never waits for a name server. They start with the first
// question. Bounded: a question too many is refused. Answers come on a worker; none after the end, which
// waits for nobody: a worker that still hears nothing from its name server ends when that is over.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "adapters/sip/dns.hpp"

namespace trunkline::sip {

class Resolver {
  public:
    using Deliver = std::function<void(std::uint64_t id, DnsAnswer answer)>;

    /// `name_servers` as Dns takes them. `deliver` is called on a worker, must not block, and may not ask.
    Resolver(std::vector<std::string> name_servers, Deliver deliver);
    ~Resolver();
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    /// False: too many wait already.
    [[nodiscard]] bool ask(std::uint64_t id, DnsQuestion question);

  private:
    struct Shared;
    static void work(const std::shared_ptr<Shared>& shared);

    std::shared_ptr<Shared> shared_;
    int workers_ = 0;
};

}  // namespace trunkline::sip
