// A T-Library client over TCP, plain or with TLS: splits what comes into lines, writes what goes out in one
// call for everything that waits. Stops reading while its session is blocked, so that a client never queues
// requests here. Engine thread only.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <string>

#include "adapters/tlib/session.hpp"
#include "adapters/tlib/transport.hpp"
#include "adapters/tls/maybe_tls.hpp"

namespace trunkline::tlib {

class TcpConnection : public Transport, public std::enable_shared_from_this<TcpConnection> {
  public:
    /// `context` null: plain.
    TcpConnection(boost::asio::ip::tcp::socket, tls::SharedContext context);

    /// Begins to read; messages go to `session`.
    void start(std::shared_ptr<Session> session);

    void send(Frames) override;
    [[nodiscard]] std::size_t unsent_bytes() const override { return waiting_bytes_ + writing_bytes_; }
    void resume() override;
    void finish() override;
    void abort() override;
    [[nodiscard]] std::string peer() const override { return peer_; }

  private:
    void read();
    void take_lines();
    void write();
    void end(std::string_view why);
    void wait_for_the_other_side();

    [[nodiscard]] boost::asio::ip::tcp::socket& socket() { return stream_.next_layer(); }

    tls::MaybeTls<boost::asio::ip::tcp::socket> stream_;
    boost::asio::steady_timer farewell_;
    std::shared_ptr<Session> session_;
    std::string peer_;
    std::string input_;         // bytes read, from the first that no line has taken
    std::size_t searched_ = 0;  // of them, how many are known to hold no line end
    std::string chunk_;
    Frames waiting_, writing_;
    std::size_t waiting_bytes_ = 0, writing_bytes_ = 0;
    bool reading_ = true;  // until the handshake is through, nothing else may read
    bool finishing_ = false;
};

}  // namespace trunkline::tlib
