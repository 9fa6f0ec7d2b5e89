#include "adapters/http/guard.hpp"

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/asio/ip/address.hpp>

#include "engine/base/words.hpp"

namespace trunkline::http {
namespace {

// Host without its port and brackets, lower case.
std::string host_of(std::string_view authority) {
    std::string_view host = authority;
    if (host.starts_with('[')) {
        const std::size_t end = host.find(']');
        host = end == std::string_view::npos ? std::string_view() : host.substr(1, end - 1);
    } else {
        host = host.substr(0, host.find(':'));
    }
    return lower_case(host);
}

bool is_loopback(const std::string& host) {
    if (host == "localhost" || host.ends_with(".localhost")) return true;
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(host, error);
    return !error && address.is_loopback();
}

// The default port is not written in either header by browsers, but may be by others.
std::string_view without_default_port(std::string_view authority, std::string_view scheme) {
    const std::string_view port = scheme == "https" ? ":443" : ":80";
    return authority.ends_with(port) ? authority.substr(0, authority.size() - port.size()) : authority;
}

bool same_host(std::string_view origin, std::string_view host) {
    const std::size_t end = origin.find("://");
    if (end == std::string_view::npos) return false;  // "null" of a sandboxed page included
    const std::string_view scheme = origin.substr(0, end);
    return boost::algorithm::iequals(without_default_port(origin.substr(end + 3), scheme),
                                     without_default_port(host, scheme));
}

}  // namespace

bool equal_in_constant_time(std::string_view given, std::string_view secret) {
    unsigned difference = given.size() == secret.size() ? 0U : 1U;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const char other = secret.empty() ? '\0' : secret[i % secret.size()];
        difference |= static_cast<unsigned char>(given[i] ^ other);
    }
    return difference == 0;
}

std::optional<Response> Guard::check_host(std::string_view host, std::string_view origin,
                                          std::string_view local_address) const {
    if (host.empty()) return error_response(400, "the header Host is missing");
    const std::string name = host_of(host);
    const auto& allowed = settings_.allowed_hosts;
    const bool known =
        is_loopback(name) || name == lower_case(settings_.listen_host) || name == local_address ||
        std::any_of(allowed.begin(), allowed.end(),
                    [&](const std::string& other) { return boost::algorithm::iequals(other, name); });
    if (!known)
        return error_response(
            403, "this server is not known under the name in the header Host: use its listen address");
    if (!origin.empty() && !same_host(origin, host))
        return error_response(403, "the header Origin names another host: pages from elsewhere are refused");
    return std::nullopt;
}

std::optional<Response> Guard::check_token(Access access, std::string_view authorization) const {
    if (access == Access::open || (access == Access::read && !settings_.token_for_reads)) return std::nullopt;
    if (settings_.token.empty())
        return error_response(
            403, "no token is set, so this works over the control socket only: see auth.token_file");
    constexpr std::string_view scheme = "bearer ";
    const bool has_scheme =
        authorization.size() > scheme.size() && boost::algorithm::istarts_with(authorization, scheme);
    if (has_scheme && equal_in_constant_time(authorization.substr(scheme.size()), settings_.token))
        return std::nullopt;
    Response refused = error_response(
        401, has_scheme ? "the bearer token is wrong: the right one is in the server's token file"
                        : "this needs the header Authorization: Bearer TOKEN");
    refused.headers.emplace_back("WWW-Authenticate", "Bearer");
    return refused;
}

}  // namespace trunkline::http
