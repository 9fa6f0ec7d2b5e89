// Agents over T-Library: one TCP connection, DN and login each, lines of JSON written and read by hand.
// Opening blocks; afterwards receive() hands out events as they come. One thread. What the server refuses
// throws std::runtime_error with the server's line.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkline::bench {

/// What the load needs of an event; the views hold during the call only.
struct DeskEvent {
    std::size_t desk = 0;
    std::string_view name;      // EventRinging
    std::string_view conn_id;   // 16 digits
    std::string_view other_dn;  // the customer's user part
    std::string_view text;      // Extensions.im
};

class AgentDesks {
  public:
    using Take = std::function<void(const DeskEvent&)>;

    AgentDesks(const std::string& host, std::uint16_t port, std::size_t agents, int first_number, Take take);
    ~AgentDesks();
    AgentDesks(const AgentDesks&) = delete;
    AgentDesks& operator=(const AgentDesks&) = delete;

    void answer(std::size_t desk, std::string_view conn_id) { ask(desk, "RequestAnswerCall", conn_id, {}); }
    void release(std::size_t desk, std::string_view conn_id) { ask(desk, "RequestReleaseCall", conn_id, {}); }
    /// `text` must need no escape in JSON.
    void write(std::size_t desk, std::string_view conn_id, std::string_view text);

    [[nodiscard]] std::size_t size() const { return desks_.size(); }
    [[nodiscard]] std::vector<int> fds() const;
    /// Reads what has come on this desk's connection.
    void receive(std::size_t desk);
    /// Sends what was asked since the last flush.
    void flush();
    /// Logs everybody out, so that a next run finds free seats; blocks.
    void log_out();

  private:
    struct Desk {
        int fd = -1;
        std::string number, in, out;
    };
    void open(Desk& desk);
    void ask(std::size_t desk, std::string_view request, std::string_view conn_id, std::string_view more);
    void take_line(std::size_t desk, std::string_view line);
    static void send_all(Desk& desk);
    /// Blocks until a line that holds `wanted` has come.
    static void wait_for(Desk& desk, std::string_view wanted);

    std::vector<Desk> desks_;
    Take take_;
};

}  // namespace trunkline::bench
