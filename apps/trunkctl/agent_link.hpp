// The line of a T-Library client to its server: JSON objects out, JSON objects in, a heartbeat between them.
// Knows no agent. Everything runs on the io_context that is handed in.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <string>

#include "engine/base/host_port.hpp"

namespace trunkline::ctl {

class AgentLink {
  public:
    using Received = std::function<void(const boost::json::object&)>;
    using Lost = std::function<void(const std::string& why)>;

    AgentLink(boost::asio::io_context&, Received, Lost);
    /// Connects and begins to read. Throws std::runtime_error in words where nobody answers.
    void connect(const HostPort&);
    void send(const boost::json::object&);
    void close();

  private:
    void read();
    void beat();

    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer heart_;
    Received received_;
    Lost lost_;
    std::string input_;
};

}  // namespace trunkline::ctl
