// A T-Library client whose socket lives on another thread (a WebSocket of the HTTP server). RemoteEnd is the
// way in, for any thread; RemoteSocket is the way out, called on the engine thread: the two crossings.
// Nothing else is shared.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "adapters/tlib/session.hpp"
#include "adapters/tlib/transport.hpp"

namespace trunkline::tlib {

/// What the engine thread may do with the other thread's socket. None of these may block; each may be called
/// from any thread. `taken(bytes)` tells that received bytes were worked off, so that the socket reads on: it
/// bounds what waits.
struct RemoteSocket {
    std::function<void(Frames)> send;
    std::function<std::size_t()> unsent_bytes;
    std::function<void(std::size_t)> taken;
    std::function<void()> finish;
    std::function<void()> abort;
    std::string peer;
};

/// A RemoteSocket over anything that has these functions by name.
template <class Socket>
[[nodiscard]] RemoteSocket remote_socket(std::shared_ptr<Socket> socket) {
    return {.send = [socket](Frames frames) { socket->send(std::move(frames)); },
            .unsent_bytes = [socket] { return socket->unsent_bytes(); },
            .taken = [socket](std::size_t bytes) { socket->taken(bytes); },
            .finish = [socket] { socket->finish(); },
            .abort = [socket] { socket->abort(); },
            .peer = socket->peer()};
}

/// The engine thread's side of it.
class RemoteTransport : public Transport, public std::enable_shared_from_this<RemoteTransport> {
  public:
    RemoteTransport(boost::asio::io_context& io, RemoteSocket socket) : io_(io), socket_(std::move(socket)) {}
    void start(std::shared_ptr<Session> session) { session_ = std::move(session); }
    void received(std::string text);
    void ended();

    void send(Frames frames) override { socket_.send(std::move(frames)); }
    [[nodiscard]] std::size_t unsent_bytes() const override { return socket_.unsent_bytes(); }
    void resume() override;
    void finish() override { socket_.finish(); }
    void abort() override;
    [[nodiscard]] std::string peer() const override { return socket_.peer; }

  private:
    void take_messages();

    boost::asio::io_context& io_;
    RemoteSocket socket_;
    std::shared_ptr<Session> session_;
    std::deque<std::string> waiting_;  // bounded by the socket, which waits for taken()
};

/// The way in; every function may be called from any thread and returns at once.
class RemoteEnd {
  public:
    RemoteEnd(boost::asio::io_context& io, std::shared_ptr<RemoteTransport> transport)
        : io_(io), transport_(std::move(transport)) {}
    /// One message.
    void received(std::string text) const;
    /// The socket is closed; nothing comes any more.
    void closed() const;

  private:
    boost::asio::io_context& io_;
    std::shared_ptr<RemoteTransport> transport_;
};

}  // namespace trunkline::tlib
