// SIP and tel URIs as identities: parsed with limits and brought to one form, so that the same customer is
// the same text however the phone writes it (RFC 3261 19.1.4). Plain values, any thread; a URI that makes no
// sense is an Error.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/error.hpp"

namespace trunkline::sip {

struct Uri {
    std::string scheme;  // "sip", "sips" or "tel"
    std::string
        user;  // unescaped as far as two spellings of it are equal; a tel number without its separators
    std::string host;    // lower case, IPv6 in brackets; empty for tel
    int port = 0;        // 0 where none is written
    std::string params;  // as written, without the first ';'

    /// The identity: "sip:ann@example.com". No display name, password, parameters or headers; the default
    /// port is left out.
    [[nodiscard]] std::string identity() const;
    /// The user part for a person to read and a script to compare: all escapes undone.
    [[nodiscard]] std::string plain_user() const;
    /// A URI parameter's value, names compared without case; "" where it is absent.
    [[nodiscard]] std::string param(std::string_view name) const;
    /// The port to use: the written one or the scheme's.
    [[nodiscard]] int effective_port() const;
};

/// Longest URI that is looked at, in bytes.
inline constexpr std::size_t max_uri_size = 1024;

[[nodiscard]] Result<Uri> parse_uri(std::string_view text);

}  // namespace trunkline::sip
