// "host:port" as settings and command lines write it. A value only: nothing here resolves a name or opens a
// socket.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"

namespace trunkline {

struct HostPort {
    std::string host;  // without the brackets of an IPv6 address
    std::uint16_t port = 0;
    bool operator==(const HostPort&) const = default;
};

/// Reads `127.0.0.1:8100`, `localhost:0` or `[::1]:8100`. The error says what is missing and shows the right
/// form.
[[nodiscard]] Result<HostPort> parse_host_port(std::string_view text);

/// The same form back, an IPv6 address in brackets.
[[nodiscard]] std::string to_text(const HostPort&);

}  // namespace trunkline
