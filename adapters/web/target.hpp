// Where a request goes: the parts of a URL that decide about connecting. Pure functions; what is no http or
// https address is an Error in words for the script.
#pragma once

#include <string>

#include "engine/base/error.hpp"

namespace trunkline::web {

struct Target {
    bool https = false;
    std::string host;  // without the brackets of an IPv6 address
    std::uint16_t port = 80;
    std::string path;  // with the query, as it stands in the request line
    std::string url;   // whole, without a fragment

    /// As the header Host wants it: the port only where it is not the scheme's own.
    [[nodiscard]] std::string authority() const;
    /// The same scheme, host and port: a redirect there may keep credentials.
    [[nodiscard]] bool same_place(const Target& other) const {
        return https == other.https && host == other.host && port == other.port;
    }
};

[[nodiscard]] Result<Target> read_target(const std::string& url);
/// Where `location` leads from `base` (RFC 3986 5.2).
[[nodiscard]] Result<Target> redirected(const Target& base, const std::string& location);

}  // namespace trunkline::web
