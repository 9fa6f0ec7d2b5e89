// The message log: messages in the layout that T-Server engineers read (contracts: The message log). Off by
// default; it shows what customers and agents write, so it is switched on by the setting log.messages alone.
// Passwords are never shown. The formatters are pure functions of the message and the time; MessageLog writes
// to the process's log.
#pragma once

#include <boost/json/fwd.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/time.hpp"

namespace spdlog {
class logger;
}

namespace trunkline::tlib {

enum class Direction { sent, received };

/// Who is at the other end: number of the connection, application, address.
struct LoggedClient {
    std::uint64_t id = 0;
    std::string application;
    std::string peer;
};

/// `@10:49:07.2400 [0] VERSION distribute_event: message EventX`, then a tab-indented line an attribute,
/// key-value lists below theirs; times are local. A received one has `request from client` where a sent one
/// has `distribute_event`.
[[nodiscard]] std::string format_message(Direction, const boost::json::object& message,
                                         std::string_view server_version, TimePoint at);

/// `10:49:07.240 Trc 04542 EventX sent to [4] (00000004 desktop 127.0.0.1:50000)`; 04541 and `received from`
/// the other way.
[[nodiscard]] std::string format_trace(Direction, std::string_view message_name, const LoggedClient&,
                                       TimePoint at);

/// The name of the logger: its lines are several a message, everywhere else one is one.
inline constexpr std::string_view message_log_name = "messages";

/// Writes to the process's log where it is on, and costs a branch where it is off.
class MessageLog {
  public:
    MessageLog(bool on, std::string server_version);
    /// An event as it was serialised, and who gets it.
    void sent(std::string_view json_text, const std::vector<LoggedClient>&, TimePoint) const;
    void received(const boost::json::object&, const LoggedClient&, TimePoint) const;
    [[nodiscard]] bool on() const { return on_; }

  private:
    bool on_;
    std::string version_;
    std::shared_ptr<spdlog::logger> log_;  // null where it is off
};

}  // namespace trunkline::tlib
