// A byte stream that is either plain or TLS, so that what speaks over it is written once. Moves; one user at
// a time, on the thread of its executor, like the streams that it holds. Errors are those of the stream
// below.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/container/static_vector.hpp>
#include <functional>
#include <memory>
#include <utility>

#include "adapters/tls/server_certificates.hpp"

namespace trunkline::tls {

template <class Plain>
class MaybeTls {
  public:
    using next_layer_type = Plain;
    using executor_type = typename Plain::executor_type;
    using Error = boost::system::error_code;

    /// `context` null: plain.
    explicit MaybeTls(Plain plain, SharedContext context = nullptr)
        : plain_(std::make_unique<Plain>(std::move(plain))), context_(std::move(context)) {
        if (context_) secure_ = std::make_unique<boost::asio::ssl::stream<Plain&>>(*plain_, *context_);
    }

    [[nodiscard]] executor_type get_executor() { return plain_->get_executor(); }
    [[nodiscard]] Plain& next_layer() { return *plain_; }
    [[nodiscard]] const Plain& next_layer() const { return *plain_; }
    [[nodiscard]] bool is_tls() const { return secure_ != nullptr; }
    /// Only where is_tls().
    [[nodiscard]] boost::asio::ssl::stream<Plain&>& secure() { return *secure_; }

    /// `done(error)` at once where the stream is plain.
    template <class Done>
    void async_handshake(boost::asio::ssl::stream_base::handshake_type side, Done done) {
        if (!secure_) return done(Error());
        secure_->async_handshake(side, std::move(done));
    }
    /// Tells the other side that no more comes (close_notify); `done()` at once where the stream is plain.
    template <class Done>
    void async_farewell(Done done) {
        if (!secure_) return done();
        secure_->async_shutdown([then = std::move(done)](Error) mutable { then(); });
    }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        return boost::asio::async_initiate<Token, void(Error, std::size_t)>(
            [this](auto handler, const Buffers& into) {
                read_some(gathered<boost::asio::mutable_buffer>(into), erased(std::move(handler)));
            },
            token, buffers);
    }
    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        return boost::asio::async_initiate<Token, void(Error, std::size_t)>(
            [this](auto handler, const Buffers& from) {
                write_some(gathered<boost::asio::const_buffer>(from), erased(std::move(handler)));
            },
            token, buffers);
    }
    template <class Buffers>
    std::size_t write_some(const Buffers& buffers, Error& error) {
        return secure_ ? secure_->write_some(buffers, error) : plain_->write_some(buffers, error);
    }

  private:
    // Handlers and buffers of whoever speaks over it end here in one type each: what lies below is compiled
    // once, not anew for each of Beast's operations (a minute of the compiler's time a source).
    using Completion = std::function<void(Error, std::size_t)>;
    template <class Buffer>
    using Gathered = boost::container::static_vector<Buffer, 16>;

    /// The first buffers: an operation that moves "some" may leave the others for the next.
    template <class Buffer, class Buffers>
    static Gathered<Buffer> gathered(const Buffers& buffers) {
        Gathered<Buffer> first;
        for (auto one = boost::asio::buffer_sequence_begin(buffers);
             one != boost::asio::buffer_sequence_end(buffers) && first.size() < first.capacity(); ++one)
            if (const Buffer buffer(*one); buffer.size() > 0) first.push_back(buffer);
        return first;
    }
    template <class Handler>
    Completion erased(Handler handler) {
        auto executor = boost::asio::get_associated_executor(handler, plain_->get_executor());
        return
            [executor, kept = std::make_shared<Handler>(std::move(handler))](Error error, std::size_t bytes) {
                boost::asio::dispatch(executor, [kept, error, bytes] { std::move (*kept)(error, bytes); });
            };
    }
    void read_some(const Gathered<boost::asio::mutable_buffer>& into, Completion done) {
        if (secure_)
            secure_->async_read_some(into, std::move(done));
        else
            plain_->async_read_some(into, std::move(done));
    }
    void write_some(const Gathered<boost::asio::const_buffer>& from, Completion done) {
        if (secure_)
            secure_->async_write_some(from, std::move(done));
        else
            plain_->async_write_some(from, std::move(done));
    }

    std::unique_ptr<Plain> plain_;
    SharedContext context_;  // outlives the stream over it
    std::unique_ptr<boost::asio::ssl::stream<Plain&>> secure_;
};

}  // namespace trunkline::tls
