// The byte stream under a connection: TCP, TLS over it, or a unix socket behind one type, with Beast's
// timeouts. Internal to this room.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/teardown.hpp>

#include "adapters/tls/maybe_tls.hpp"

namespace trunkline::http {

using PlainStream =
    boost::beast::basic_stream<boost::asio::generic::stream_protocol, boost::asio::io_context::executor_type>;

class Stream : public tls::MaybeTls<PlainStream> {
  public:
    using MaybeTls::MaybeTls;
    /// The plain stream: its timeouts bound what goes on above.
    [[nodiscard]] PlainStream& plain() { return next_layer(); }
};

/// How a WebSocket ends what is below it; Beast finds these two by their names.
inline void teardown(boost::beast::role_type role, Stream& stream, boost::system::error_code& error) {
    using boost::beast::websocket::teardown;
    teardown(role, stream.plain(), error);
}
template <class Handler>
void async_teardown(boost::beast::role_type role, Stream& stream, Handler&& handler) {
    using boost::beast::websocket::async_teardown;
    if (!stream.is_tls()) return async_teardown(role, stream.plain(), std::forward<Handler>(handler));
    stream.secure().async_shutdown(std::forward<Handler>(handler));
}

using BeastRequest = boost::beast::http::request<boost::beast::http::string_body>;

/// Where a connection came from. Over the unix socket the file's permissions have already decided.
struct Origin {
    bool unix_socket = false;
    std::string peer;
    std::string local_address;
};

}  // namespace trunkline::http
