#include "adapters/tlib/remote_client.hpp"

#include <boost/asio/post.hpp>

namespace trunkline::tlib {

void RemoteTransport::received(std::string text) {
    waiting_.push_back(std::move(text));
    take_messages();
}

void RemoteTransport::take_messages() {
    while (!waiting_.empty()) {
        const auto session = session_;
        if (session && session->blocked()) return;  // resume() comes back here
        const std::string text = std::move(waiting_.front());
        waiting_.pop_front();
        if (session && text.size() > Session::max_message_bytes)
            session->refuse_too_long();
        else if (session)
            session->receive(text);
        socket_.taken(text.size());
    }
}

void RemoteTransport::resume() {
    // Not in place: the session is inside a step of its own.
    boost::asio::post(io_, [self = shared_from_this()] { self->take_messages(); });
}

void RemoteTransport::ended() {
    if (const auto session = std::exchange(session_, nullptr))
        session->transport_ended("it closed the connection");
}

void RemoteTransport::abort() {
    session_.reset();
    socket_.abort();
}

void RemoteEnd::received(std::string text) const {
    boost::asio::post(io_, [transport = transport_, text = std::move(text)]() mutable {
        transport->received(std::move(text));
    });
}

void RemoteEnd::closed() const {
    boost::asio::post(io_, [transport = transport_] { transport->ended(); });
}

}  // namespace trunkline::tlib
