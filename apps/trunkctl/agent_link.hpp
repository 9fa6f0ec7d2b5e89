// The line of a T-Library client to its server: JSON objects out, JSON objects in, a heartbeat between them.
// Knows no agent. Everything runs on the io_context that is handed in.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <string>

#include "adapters/tls/maybe_tls.hpp"
#include "apps/trunkctl/agent.hpp"
#include "engine/base/host_port.hpp"

namespace trunkline::ctl {

class AgentLink {
  public:
    using Received = std::function<void(const boost::json::object&)>;
    using Lost = std::function<void(const std::string& why)>;

    AgentLink(boost::asio::io_context&, Received, Lost);
    /// Connects and begins to read. Throws std::runtime_error in words where nobody answers, or with a
    /// certificate that is not trusted.
    void connect(const HostPort&, const std::optional<AgentTls>&);
    void send(const boost::json::object&);
    void close();

  private:
    void shake_hands(const HostPort&, bool check_name);
    void read();
    void beat();

    using Socket = boost::asio::ip::tcp::socket;
    [[nodiscard]] Socket& socket() { return stream_->next_layer(); }

    boost::asio::io_context& io_;
    std::optional<tls::MaybeTls<Socket>> stream_;  // from connect() on
    boost::asio::steady_timer heart_;
    Received received_;
    Lost lost_;
    std::string input_;
};

}  // namespace trunkline::ctl
