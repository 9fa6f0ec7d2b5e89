// Both sides of the server, customers and agents, and the loop that moves them; a mode says what they do. One
// thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/bench/load/agent_desks.hpp"
#include "tests/bench/load/customers.hpp"
#include "tests/bench/load/endpoints.hpp"

namespace trunkline::bench {

struct Options {
    std::string mode;
    std::string sip_host, tlib_host;
    std::uint16_t sip_port = 0, tlib_port = 0;
    std::string point;                       // routing point
    int agents = 50, first_agent = 200'000;  // no agents: the server is a relay
    std::uint16_t endpoints_port = 0;        // texts arrive over SIP at this port; 0: at the agents' desks
    int sessions = 200;                      // established ones, in mode texts
    int window = 64;                         // outstanding texts (texts), sessions at a time (sessions)
    double rate = 0;                         // texts a second, open loop; 0: closed loop
    double seconds = 10;                     // how long it begins new texts or sessions
    int server_pid = 0, database_pid = 0;
    std::string settle;  // a command to run before the CPU is read at the end
    std::string run;     // distinguishes this run's addresses
};

/// What a mode does with what comes.
class Mode {
  public:
    virtual ~Mode() = default;
    virtual void answered(std::uint64_t number, int status) = 0;
    virtual void received(std::uint32_t customer, std::string_view body) = 0;
    virtual void happened(const DeskEvent& event) = 0;
    /// A text came over SIP, for the first time.
    virtual void arrived(std::string_view body) = 0;
};

class Floor {
  public:
    /// Connects and logs in all agents; `mode` must outlive the floor.
    Floor(const Options& options, Mode& mode);

    [[nodiscard]] Customers& customers() { return customers_; }
    [[nodiscard]] AgentDesks& desks() { return desks_; }

    /// Sends what is queued, waits for something to come until `until` at most, hands it to the mode.
    void step(Clock::time_point until);
    /// Steps until `done`; throws std::runtime_error naming `what` when that takes longer than `patience`.
    void run_until(const std::function<bool()>& done, std::chrono::seconds patience, const char* what);

  private:
    void flush();

    Customers customers_;
    AgentDesks desks_;
    std::unique_ptr<Endpoints> endpoints_;  // where texts arrive over SIP
    std::vector<int> fds_;
    Clock::time_point next_resend_{};
};

}  // namespace trunkline::bench
