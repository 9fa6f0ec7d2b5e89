#include "adapters/http/web_socket_connection.hpp"

#include <boost/asio/buffer.hpp>

namespace trunkline::http {
namespace beast = boost::beast;
namespace websocket = beast::websocket;

namespace {
// How much of what was received may wait for the other thread. One message may be longer; then it waits
// alone.
constexpr std::size_t receive_window = 256U * 1024U;
}  // namespace

WebSocketConnection::WebSocketConnection(Stream stream, const WebSocketRoute& route,
                                         std::function<void(WebSocketConnection&)> ended)
    : stream_(std::move(stream)), route_(route), ended_handler_(std::move(ended)) {}

void WebSocketConnection::start(BeastRequest request, std::shared_ptr<Crossing> crossing, std::string peer) {
    handle_ = std::make_shared<WebSocket>(std::move(crossing), weak_from_this(), std::move(peer));
    beast::get_lowest_layer(stream_).expires_never();  // the websocket stream has timeouts of its own
    auto timeouts = websocket::stream_base::timeout::suggested(beast::role_type::server);
    timeouts.keep_alive_pings = true;  // a peer that vanished is found, a silent one is kept
    stream_.set_option(timeouts);
    stream_.read_message_max(route_.max_message_bytes);
    stream_.text(true);
    const auto kept = std::make_shared<BeastRequest>(std::move(request));
    stream_.async_accept(*kept, [self = shared_from_this(), kept](beast::error_code error) {
        if (error || self->ended_) return self->end();
        self->receiver_ = self->route_.accept(self->handle_);
        self->read();
    });
}

void WebSocketConnection::read() {
    if (reading_ || ended_ || (untaken_ > receive_window && !finishing_)) return;
    reading_ = true;
    stream_.async_read(buffer_, [self = shared_from_this()](beast::error_code error, std::size_t bytes) {
        self->on_read(error, bytes);
    });
}

void WebSocketConnection::on_read(beast::error_code error, std::size_t bytes) {
    reading_ = false;
    if (error) return end();
    if (finishing_) {
        buffer_.consume(buffer_.size());
        return read();  // until the answer to our close
    }
    if (!stream_.got_text()) {
        finishing_ = true;
        return close(websocket::close_code::unknown_data);
    }
    std::string text(static_cast<const char*>(buffer_.data().data()), buffer_.size());
    buffer_.consume(buffer_.size());
    untaken_ += bytes;
    if (receiver_.received) receiver_.received(std::move(text));
    read();
}

void WebSocketConnection::taken(std::size_t bytes) {
    untaken_ -= std::min(bytes, untaken_);
    read();
}

void WebSocketConnection::send(Frames frames) {
    if (ended_) return;
    waiting_.insert(waiting_.end(), std::make_move_iterator(frames.begin()),
                    std::make_move_iterator(frames.end()));
    write();
}

void WebSocketConnection::write() {
    if (busy_writing_ || ended_) return;
    if (writing_.empty()) {
        writing_ = std::exchange(waiting_, {});
        std::reverse(writing_.begin(), writing_.end());
    }
    if (writing_.empty()) {
        if (finishing_) close(websocket::close_code::normal);
        return;
    }
    busy_writing_ = true;
    stream_.async_write(boost::asio::buffer(*writing_.back()),
                        [self = shared_from_this()](beast::error_code error, std::size_t) {
                            self->busy_writing_ = false;
                            if (error) return self->end();
                            self->handle_->written(self->writing_.back()->size());
                            self->writing_.pop_back();
                            self->write();
                        });
}

void WebSocketConnection::finish() {
    if (finishing_ || ended_) return;
    finishing_ = true;
    write();
}

void WebSocketConnection::close(websocket::close_code code) {
    busy_writing_ = true;  // nothing is written behind a close frame
    stream_.async_close(websocket::close_reason(code),
                        [self = shared_from_this()](beast::error_code) { self->end(); });
}

void WebSocketConnection::abort() {
    beast::get_lowest_layer(stream_).close();
    end();
}

void WebSocketConnection::end() {
    if (std::exchange(ended_, true)) return;
    beast::get_lowest_layer(stream_).close();
    waiting_.clear();
    const auto closed = std::exchange(receiver_.closed, nullptr);
    receiver_.received = nullptr;
    if (closed) closed();
    ended_handler_(*this);
}

}  // namespace trunkline::http
