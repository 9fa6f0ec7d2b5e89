#include "adapters/http/web_socket.hpp"

namespace trunkline::http {

WebSocket::WebSocket(std::shared_ptr<Crossing> crossing, std::weak_ptr<WebSocketPort> port, std::string peer)
    : crossing_(std::move(crossing)), port_(std::move(port)), peer_(std::move(peer)) {}

void WebSocket::send(Frames frames) {
    std::size_t bytes = 0;
    for (const auto& frame : frames) bytes += frame->size();
    unsent_.fetch_add(bytes, std::memory_order_relaxed);
    crossing_->post([port = port_, frames = std::move(frames)]() mutable {
        if (const auto live = port.lock()) live->send(std::move(frames));
    });
}

void WebSocket::taken(std::size_t bytes) {
    crossing_->post([port = port_, bytes] {
        if (const auto live = port.lock()) live->taken(bytes);
    });
}

void WebSocket::finish() {
    crossing_->post([port = port_] {
        if (const auto live = port.lock()) live->finish();
    });
}

void WebSocket::abort() {
    crossing_->post([port = port_] {
        if (const auto live = port.lock()) live->abort();
    });
}

}  // namespace trunkline::http
