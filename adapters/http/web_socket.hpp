// One WebSocket (RFC 6455), text frames in and out, as other threads hold it: every function may be called
// from any thread, returns at once, and is harmless after the socket or the whole HTTP server is gone.
// Bounded both ways: who receives tells with taken() what was worked off, and reading stops while more than a
// window waits; who sends watches unsent_bytes().
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/http/crossing.hpp"

namespace trunkline::http {

using Frames = std::vector<std::shared_ptr<const std::string>>;

/// The socket itself, on the HTTP thread.
class WebSocketPort {
  public:
    virtual ~WebSocketPort() = default;
    virtual void send(Frames) = 0;
    virtual void taken(std::size_t bytes) = 0;
    virtual void finish() = 0;
    virtual void abort() = 0;
};

class WebSocket {
  public:
    WebSocket(std::shared_ptr<Crossing> crossing, std::weak_ptr<WebSocketPort> port, std::string peer);

    void send(Frames);
    [[nodiscard]] std::size_t unsent_bytes() const { return unsent_.load(std::memory_order_relaxed); }
    void taken(std::size_t bytes);
    /// Closes when everything that was sent has left.
    void finish();
    /// Closes now; what waits is lost.
    void abort();
    [[nodiscard]] const std::string& peer() const { return peer_; }

    /// The port tells what has left.
    void written(std::size_t bytes) { unsent_.fetch_sub(bytes, std::memory_order_relaxed); }

  private:
    std::shared_ptr<Crossing> crossing_;
    std::weak_ptr<WebSocketPort> port_;
    std::string peer_;
    std::atomic<std::size_t> unsent_{0};
};

/// What the other side of the crossing gets, on the HTTP thread.
struct WebSocketReceiver {
    std::function<void(std::string)> received;
    std::function<void()> closed;  // once, after everything received
};

/// Called on the HTTP thread for each WebSocket whose handshake is done.
using WebSocketAcceptor = std::function<WebSocketReceiver(std::shared_ptr<WebSocket>)>;

struct WebSocketRoute {
    std::string path;
    WebSocketAcceptor accept;
    std::size_t max_message_bytes = 1024U * 1024U;
};

}  // namespace trunkline::http
