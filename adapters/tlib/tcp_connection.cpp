#include "adapters/tlib/tcp_connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

namespace trunkline::tlib {
namespace asio = boost::asio;
namespace {

constexpr std::size_t chunk_bytes = 64U * 1024U;
constexpr std::chrono::seconds farewell_limit{2};

std::string describe_peer(const asio::ip::tcp::socket& socket) {
    boost::system::error_code error;
    const auto endpoint = socket.remote_endpoint(error);
    return error ? "unknown" : endpoint.address().to_string() + ':' + std::to_string(endpoint.port());
}

}  // namespace

TcpConnection::TcpConnection(asio::ip::tcp::socket socket, tls::SharedContext context)
    : stream_(std::move(socket), std::move(context)),
      farewell_(stream_.get_executor()),
      peer_(describe_peer(this->socket())) {
    boost::system::error_code ignored;
    // What is written is coalesced already; Nagle would only add the peer's delayed-ACK time.
    this->socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    chunk_.resize(chunk_bytes);
}

void TcpConnection::start(std::shared_ptr<Session> session) {
    session_ = std::move(session);
    // Bounded in time as every connection that is not open yet (TlibServer::watch_idle_clients).
    stream_.async_handshake(asio::ssl::stream_base::server,
                            [self = shared_from_this()](boost::system::error_code error) {
                                self->reading_ = false;
                                if (error)
                                    return self->end("it spoke no TLS that is taken: " + error.message());
                                self->read();
                            });
}

void TcpConnection::read() {
    if (reading_ || !socket().is_open()) return;
    reading_ = true;
    stream_.async_read_some(asio::buffer(chunk_), [self = shared_from_this()](boost::system::error_code error,
                                                                              std::size_t bytes) {
        self->reading_ = false;
        if (error) return self->end(error == asio::error::eof ? "it closed the connection" : error.message());
        if (self->finishing_) return self->read();  // its words no longer matter, its close does
        self->input_.append(self->chunk_, 0, bytes);
        self->take_lines();
    });
}

void TcpConnection::take_lines() {
    const auto session = session_;
    std::size_t taken = 0;
    while (session && !session->blocked() && !session->closing()) {
        const std::size_t end = input_.find('\n', std::max(taken, searched_));
        if (end == std::string::npos) {
            searched_ = input_.size();
            break;
        }
        std::string_view line(input_.data() + taken, end - taken);
        taken = end + 1;
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.size() > Session::max_message_bytes)
            session->refuse_too_long();
        else if (!line.empty())
            session->receive(line);
    }
    input_.erase(0, taken);
    searched_ -= std::min(searched_, taken);
    if (!session || session->blocked()) return;  // resume() comes back here
    if (!session->closing() && input_.size() > Session::max_message_bytes + 1) session->refuse_too_long();
    if (session->closing()) input_.clear();
    read();
}

void TcpConnection::resume() {
    // Not in place: the session is inside a step of its own.
    asio::post(stream_.get_executor(), [self = shared_from_this()] {
        if (!self->finishing_ && self->socket().is_open() && !self->reading_) self->take_lines();
    });
}

void TcpConnection::send(Frames frames) {
    for (Frame& frame : frames) {
        waiting_bytes_ += frame->size() + 1;
        waiting_.push_back(std::move(frame));
    }
    if (writing_.empty()) write();
}

void TcpConnection::write() {
    static constexpr char line_end = '\n';
    writing_ = std::exchange(waiting_, {});
    writing_bytes_ = std::exchange(waiting_bytes_, 0);
    std::vector<asio::const_buffer> buffers;
    buffers.reserve(writing_.size() * 2);
    for (const Frame& frame : writing_) {
        buffers.emplace_back(asio::buffer(*frame));
        buffers.emplace_back(&line_end, 1);
    }
    asio::async_write(stream_, buffers,
                      [self = shared_from_this()](boost::system::error_code error, std::size_t) {
                          self->writing_.clear();
                          self->writing_bytes_ = 0;
                          if (error) return self->end(error.message());
                          if (!self->waiting_.empty()) return self->write();
                          if (self->finishing_) self->wait_for_the_other_side();
                      });
}

void TcpConnection::finish() {
    if (finishing_) return;
    finishing_ = true;
    farewell_.expires_after(farewell_limit);
    farewell_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
        const auto self = weak.lock();
        if (self && !error) self->end("closed by the server");
    });
    if (writing_.empty()) wait_for_the_other_side();
    read();
}

// Closing at once while unread bytes are here would reset the connection, and the last answer would be lost
// with it.
void TcpConnection::wait_for_the_other_side() {
    stream_.async_farewell([self = shared_from_this()] {
        boost::system::error_code ignored;
        self->socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    });
}

void TcpConnection::abort() {
    boost::system::error_code ignored;
    session_.reset();
    farewell_.cancel();
    socket().close(ignored);
}

void TcpConnection::end(std::string_view why) {
    // The session calls abort() from here.
    if (const auto session = std::exchange(session_, nullptr)) session->transport_ended(why);
}

}  // namespace trunkline::tlib
