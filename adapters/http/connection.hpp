// One HTTP/1.1 connection: reads a request's header, asks the guard, reads the body of whom it lets in, hands
// the request to its route and writes the response, one after the other. HTTP thread only; internal to this
// room.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <functional>
#include <map>
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
    std::size_t max_body_bytes = 0;  // of those who may change something
    std::chrono::seconds request_limit{0};
    std::chrono::milliseconds handshake_limit{0};
    /// Connections whose next request is not whole yet, the one that waits longest first.
    std::map<std::uint64_t, Connection*> waiting;
    std::uint64_t last_wait = 0;
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
    using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

    void read();
    void on_header(boost::beast::error_code error);
    void read_body();
    void answer();
    /// Whatever the header alone decides: the answer, or none and the route is in match_.
    [[nodiscard]] std::optional<Response> refuse(const BeastRequest&);
    [[nodiscard]] std::optional<Response> find_route(const BeastRequest&);
    [[nodiscard]] Response words_for(boost::beast::error_code error) const;
    /// False where reading failed: then it has been answered, or the connection has ended.
    [[nodiscard]] bool is_readable(boost::beast::error_code error);
    void begin_to_wait();
    void stop_waiting();
    void upgrade(BeastRequest, const Target&);
    [[nodiscard]] Reply reply_once();
    void write(Response, bool close_after = false);
    void farewell();
    void end();

    Stream stream_;
    ServerParts& parts_;
    Origin origin_;
    boost::beast::flat_buffer buffer_;
    std::optional<Parser> parser_;
    std::optional<Response> refused_;  // said once the body of the request is through
    std::optional<Target> target_;
    Router::Match match_;
    std::uint64_t wait_ = 0;  // in ServerParts::waiting; 0: in none
    unsigned version_ = 11;
    bool keep_alive_ = true, head_ = false, ended_ = false;
};

}  // namespace trunkline::http
