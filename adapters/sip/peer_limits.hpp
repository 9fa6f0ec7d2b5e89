// How many sessions one source address may have and open a second, so that one stranger cannot fill the
// house. One thread; time is handed in. Its memory is bounded by the addresses that were active within the
// last second or still have sessions.
#pragma once

#include <chrono>
#include <string>
#include <unordered_map>

namespace trunkline::sip {

class PeerLimits {
  public:
    using Time = std::chrono::milliseconds;  // of a steady clock

    /// At most `sessions` at a time and `new_per_second` opened a second (bursts of one second); 0: no limit.
    PeerLimits(int sessions, int new_per_second) : sessions_(sessions), new_per_second_(new_per_second) {}

    /// Counts a new session of this peer; false, and nothing is counted, when it is over a limit.
    [[nodiscard]] bool open(const std::string& peer, Time now);
    void close(const std::string& peer);
    [[nodiscard]] std::size_t peers() const { return peers_.size(); }

  private:
    struct Account {
        int sessions = 0;
        double tokens = 0;
        Time filled{0};
    };
    void forget_idle(Time now);

    int sessions_;
    int new_per_second_;
    Time swept_{0};
    std::unordered_map<std::string, Account> peers_;
};

}  // namespace trunkline::sip
