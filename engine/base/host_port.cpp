#include "engine/base/host_port.hpp"

#include <cstdint>

#include "engine/base/words.hpp"

namespace trunkline {

Result<HostPort> parse_host_port(std::string_view text) {
    const auto refuse = [&](std::string_view why) {
        return Error{ErrorCode::bad_attribute, "'" + std::string(text) + "' " + std::string(why) +
                                                   ": write host:port, for example 127.0.0.1:8100"};
    };
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || colon + 1 == text.size()) return refuse("has no port");
    std::string_view host = text.substr(0, colon);
    if (host.size() >= 2 && host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string_view::npos)
        return refuse("is an IPv6 address without brackets");
    if (host.empty()) return refuse("has no host");
    const auto port = number_in<std::uint16_t>(text.substr(colon + 1));
    if (!port) return refuse("has a port that is no number from 0 to 65535");
    return HostPort{std::string(host), *port};
}

std::string to_text(const HostPort& at) {
    const bool v6 = at.host.find(':') != std::string::npos;
    return (v6 ? '[' + at.host + ']' : at.host) + ':' + std::to_string(at.port);
}

}  // namespace trunkline
