// The byte stream under a connection: TCP or a unix socket behind one type, with Beast's timeouts. Internal
// to this room.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace trunkline::http {

using Stream =
    boost::beast::basic_stream<boost::asio::generic::stream_protocol, boost::asio::io_context::executor_type>;
using BeastRequest = boost::beast::http::request<boost::beast::http::string_body>;

/// Where a connection came from. Over the unix socket the file's permissions have already decided.
struct Origin {
    bool unix_socket = false;
    std::string peer;
    std::string local_address;
};

}  // namespace trunkline::http
