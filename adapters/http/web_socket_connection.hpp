// The WebSocket side of a connection that asked for the upgrade. HTTP thread only; internal to this room.
#pragma once

#include <boost/beast/websocket.hpp>

#include "adapters/http/stream.hpp"
#include "adapters/http/web_socket.hpp"

namespace trunkline::http {

class WebSocketConnection : public WebSocketPort, public std::enable_shared_from_this<WebSocketConnection> {
  public:
    /// `ended` is called once, when the socket is closed. `route` outlives the connection.
    WebSocketConnection(Stream stream, const WebSocketRoute& route,
                        std::function<void(WebSocketConnection&)> ended);
    /// Answers the handshake, then reads until the end.
    void start(BeastRequest request, std::shared_ptr<Crossing> crossing, std::string peer);

    void send(Frames) override;
    void taken(std::size_t bytes) override;
    void finish() override;
    void abort() override;

  private:
    void read();
    void on_read(boost::beast::error_code error, std::size_t bytes);
    void write();
    void close(boost::beast::websocket::close_code code);
    void end();

    boost::beast::websocket::stream<Stream, false> stream_;  // nothing is ever compressed
    const WebSocketRoute& route_;
    std::function<void(WebSocketConnection&)> ended_handler_;
    std::shared_ptr<WebSocket> handle_;
    WebSocketReceiver receiver_;
    boost::beast::flat_buffer buffer_;
    Frames waiting_;
    Frames writing_;  // reversed: the next is at the back
    std::size_t untaken_ = 0;
    bool reading_ = false, busy_writing_ = false, finishing_ = false, ended_ = false;
};

}  // namespace trunkline::http
