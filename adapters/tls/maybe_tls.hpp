// A byte stream that is either plain or TLS, so that what speaks over it is written once. Moves; one user at
// a time, on the thread of its executor, like the streams that it holds. Errors are those of the stream
// below.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/ssl/stream.hpp>
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
                if (secure_)
                    secure_->async_read_some(into, std::move(handler));
                else
                    plain_->async_read_some(into, std::move(handler));
            },
            token, buffers);
    }
    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        return boost::asio::async_initiate<Token, void(Error, std::size_t)>(
            [this](auto handler, const Buffers& from) {
                if (secure_)
                    secure_->async_write_some(from, std::move(handler));
                else
                    plain_->async_write_some(from, std::move(handler));
            },
            token, buffers);
    }
    template <class Buffers>
    std::size_t write_some(const Buffers& buffers, Error& error) {
        return secure_ ? secure_->write_some(buffers, error) : plain_->write_some(buffers, error);
    }

  private:
    std::unique_ptr<Plain> plain_;
    SharedContext context_;  // outlives the stream over it
    std::unique_ptr<boost::asio::ssl::stream<Plain&>> secure_;
};

}  // namespace trunkline::tls
