// Connections (TCP, TLS) of strangers: those that have brought a SIP request are kept, those that say nothing
// or never end a message are closed after a while, and at once when the process runs out of files. Sofia
// accepts whoever comes, counts nobody and does not list them, so they are found among the process's files.
// SIP thread.
#pragma once

#include <chrono>
#include <list>
#include <map>
#include <string>
#include <unordered_map>

#include "adapters/sip/sofia.hpp"

namespace trunkline::sip {

struct ConnectionLimits {
    std::size_t most =
        20'000;  // that were heard; beyond, the one that was heard longest ago is a stranger again
    std::chrono::milliseconds silent = std::chrono::seconds(30);
    std::chrono::milliseconds unused =
        std::chrono::hours(1);  // of one that was heard: then it is a stranger again
};

class HeardConnections final : TimerListener {
  public:
    HeardConnections(su_root_t* root, nta_agent_t* agent, ConnectionLimits limits);

    /// A request came over this transport.
    void heard(tport_t* transport);

  private:
    using Clock = std::chrono::steady_clock;
    struct Entry {
        TransportHandle transport;
        Clock::time_point last;
    };

    void on_timer() override;
    void let_go_of_old_ones();
    void close_silent_ones();
    void close_all_strangers();
    /// The accepted connection from there at this listener; null where there is none.
    [[nodiscard]] tport_t* stranger(tport_t* door, const std::string& host, const std::string& port) const;
    void wait();

    nta_agent_t* agent_;
    ConnectionLimits limits_;
    std::list<Entry> entries_;  // heard longest ago first
    std::unordered_map<const tport_t*, std::list<Entry>::iterator> by_transport_;
    std::map<std::string, Clock::time_point> silent_since_;  // by who is at the other end
    Clock::time_point next_look_{};
    TimerHandle timer_;
};

}  // namespace trunkline::sip
