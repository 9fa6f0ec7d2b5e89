// The one way into the HTTP thread from others: runs a function there, and does nothing once the server is
// gone, so that a late answer or event meets no dead io_context. Any thread; returns at once.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <mutex>
#include <utility>

namespace trunkline::http {

class Crossing {
  public:
    explicit Crossing(boost::asio::io_context& io) : io_(&io) {}

    template <class Run>
    void post(Run run) {
        const std::lock_guard guard(mutex_);
        if (io_ != nullptr) boost::asio::post(*io_, std::move(run));
    }
    /// From now on post() does nothing.
    void close() {
        const std::lock_guard guard(mutex_);
        io_ = nullptr;
    }

  private:
    std::mutex mutex_;
    boost::asio::io_context* io_;
};

}  // namespace trunkline::http
