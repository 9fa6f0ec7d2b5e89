// Where texts arrive over SIP: agents' endpoints in pager mode, or what stands behind a relay. One UDP port
// that takes every MESSAGE with 200 and wants no call (405). One thread; calls back from receive() only.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "tests/bench/load/udp_port.hpp"

namespace trunkline::bench {

class Endpoints {
  public:
    using Take = std::function<void(std::string_view body)>;

    /// Listens on 127.0.0.1:`own_port` for what `host`:`port` sends.
    Endpoints(const std::string& host, std::uint16_t port, std::uint16_t own_port, Take take);

    [[nodiscard]] int fd() const { return port_.fd(); }
    void receive();
    void flush() { port_.flush(); }
    [[nodiscard]] std::uint64_t repeated() const { return repeated_; }

  private:
    void take(std::string_view datagram);

    UdpPort port_;
    Take take_;
    std::unordered_set<std::size_t> known_;  // texts, by Call-ID and CSeq: what comes again is answered only
    std::string answer_;
    std::uint64_t repeated_ = 0;
};

}  // namespace trunkline::bench
