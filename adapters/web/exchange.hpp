// One web request of a script with all its redirects, as a coroutine on the web thread. Every step, a
// redirect's too, is held to the same rules: resolve, check each address, connect to a checked one only,
// verify the certificate against the name. Ends by `until`; what went wrong is the result's error, one line
// without the path of the address or anything that was sent.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>

#include "adapters/tls/server_certificates.hpp"
#include "adapters/web/address_rules.hpp"
#include "engine/messages/outside.hpp"

namespace trunkline::web {

inline constexpr int most_redirects = 5;
inline constexpr std::size_t most_header_bytes = 16UL * 1024;
inline constexpr std::size_t most_body_bytes = 1024UL * 1024;

struct Surroundings {
    const AddressRules& rules;
    const tls::SharedContext& tls;
    const std::string& user_agent;
};

[[nodiscard]] boost::asio::awaitable<messages::HttpResult> exchange(
    Surroundings, messages::HttpRequest, std::chrono::steady_clock::time_point until);

}  // namespace trunkline::web
