// Asks the running server: over its unix socket, or over --url with --token. Blocks. Every failure is a
// Failure whose text says what to do.
#pragma once

#include <boost/json/value.hpp>

#include "adapters/http/message.hpp"
#include "apps/trunkctl/verb.hpp"

namespace trunkline::ctl {

/// --url, --ca and --token, of every verb that talks to the server.
void add_server_options(po::options_description&);

struct Reply {
    int status = 0;
    boost::json::value body;
};
/// The reply, whatever its status.
[[nodiscard]] Reply ask_server(const Call&, http::Verb, const std::string& target,
                               const std::string& body = {});
/// The body of a reply with status 200; Failure with the server's own words otherwise.
[[nodiscard]] boost::json::value get_from_server(const Call&, const std::string& target);

}  // namespace trunkline::ctl
