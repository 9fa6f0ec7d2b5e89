// Customers in pager mode, hand-written SIP over one UDP port, each with an address of his own. A text
// without an answer is sent again after 500 ms (RFC 3261 17.1.2), the server's texts are answered with 200.
// One thread; calls back from receive() only.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/load/udp_port.hpp"

namespace trunkline::bench {

using Clock = std::chrono::steady_clock;

class Customers {
  public:
    struct Hooks {
        /// A final answer came to the text of this number.
        std::function<void(std::uint64_t number, int status)> answered;
        /// A text of the server came to this customer, for the first time.
        std::function<void(std::uint32_t customer, std::string_view body)> received;
    };
    struct Counts {
        std::uint64_t written = 0;    // texts
        std::uint64_t resent = 0;     // of them again, because no answer came in time
        std::uint64_t refused = 0;    // answered with other than 2xx
        std::uint64_t repeated = 0;   // texts of the server that came again (retransmissions)
        std::uint64_t malformed = 0;  // datagrams that were not understood
    };

    /// `run` goes into every address, Call-ID and branch: the server remembers those of earlier runs.
    Customers(const std::string& host, std::uint16_t port, std::string routing_point, std::string run,
              Hooks hooks);

    /// Customer `customer` writes `body`; returns the text's number, given in rising order from 0.
    std::uint64_t write(std::uint32_t customer, std::string_view body);
    [[nodiscard]] std::uint64_t next_number() const { return base_ + pending_.size(); }
    [[nodiscard]] std::size_t unanswered() const { return unanswered_; }

    [[nodiscard]] int fd() const { return port_.fd(); }
    void receive();
    /// Sends again what has waited too long; call it some times a second.
    void resend_late(Clock::time_point now);
    void flush() { port_.flush(); }
    [[nodiscard]] const Counts& counts() const { return counts_; }

  private:
    struct Pending {
        std::string datagram;
        Clock::time_point sent;
        bool answered = false;
    };
    void take(std::string_view datagram);
    void take_answer(std::string_view datagram);
    void take_text(std::string_view datagram);

    UdpPort port_;
    std::string server_, routing_point_, run_, scratch_;
    Hooks hooks_;
    Counts counts_;
    std::deque<Pending> pending_;  // of the numbers from base_ on
    std::uint64_t base_ = 0;
    std::size_t unanswered_ = 0;
    std::vector<std::size_t> last_call_ids_;  // by customer: hash of the last text's Call-ID
};

/// The customer's number in "c17r5f3a" (a user part, or what follows); -1 where it is no customer's.
[[nodiscard]] std::int64_t customer_in(std::string_view user);

}  // namespace trunkline::bench
