// One HTTP/1.1 connection: reads a request within limits, asks the guard, hands it to its route and writes
// the response, one after the other. HTTP thread only; internal to this room.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "adapters/http/crossing.hpp"
#include "adapters/http/guard.hpp"
#include "adapters/http/router.hpp"
#include "adapters/http/stream.hpp"
#include "adapters/http/web_socket.hpp"

namespace trunkline::http {

class Connection;

/// What every connection uses of its server; outlives them all.
struct ServerParts {
    Router router;
    Guard guard;
    std::vector<WebSocketRoute> web_sockets;
    std::shared_ptr<Crossing> crossing;
    std::size_t max_header_bytes = 0;
    std::size_t max_body_bytes = 0;
    std::chrono::seconds request_limit{0};
    std::chrono::milliseconds handshake_limit{0};
    std::function<void(Connection&)> gone;
    /// The connection becomes a WebSocket; its handshake is still to be answered.
    std::function<void(Stream, const WebSocketRoute&, BeastRequest, const Origin&)> upgraded;
};

class Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(Stream stream, ServerParts& parts, Origin origin);
    /// The handshake of TLS first, where the stream has it.
    void start();
    /// Closes now.
    void abort();

  private:
    void read();
    void on_read(boost::beast::error_code error);
    void answer(const BeastRequest&);
    [[nodiscard]] std::optional<Response> refuse(const BeastRequest&) const;
    void upgrade(BeastRequest, const Target&);
    [[nodiscard]] Reply reply_once();
    void write(Response, bool close_after = false);
    void farewell();
    void end();

    Stream stream_;
    ServerParts& parts_;
    Origin origin_;
    boost::beast::flat_buffer buffer_;
    std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
    unsigned version_ = 11;
    bool keep_alive_ = true, head_ = false, ended_ = false;
};

}  // namespace trunkline::http
