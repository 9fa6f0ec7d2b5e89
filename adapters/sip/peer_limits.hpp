// How many sessions one peer may have and open a second, so that one stranger cannot fill the
// house. One thread; time is handed in. Its memory is bounded by the peers that were active within the
// last second or still have sessions.
#pragma once

#include <chrono>
#include <string>
#include <unordered_map>

#include "adapters/sip/steady_time.hpp"

namespace trunkline::sip {

/// At most `sessions` at a time and `new_per_second` opened a second (bursts of one second); 0: no limit.
struct PeerAllowance {
    int sessions = 0;
    int new_per_second = 0;
};

class PeerLimits {
  public:
    using Time = SteadyTime;

    /// Counts a new session of this peer; false, and nothing is counted, when it is over a limit.
    [[nodiscard]] bool open(const std::string& peer, const PeerAllowance& allowance, Time now);
    void close(const std::string& peer);
    [[nodiscard]] std::size_t peers() const { return peers_.size(); }

  private:
    struct Account {
        int sessions = 0;
        double tokens = 0;
        Time filled{0};
    };
    void forget_idle(Time now);

    Time swept_{0};
    std::unordered_map<std::string, Account> peers_;
};

}  // namespace trunkline::sip
