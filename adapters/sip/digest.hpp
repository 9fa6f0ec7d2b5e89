// Digest authentication of endpoints (RFC 7616 as RFC 8760 uses it in SIP): challenges, what the endpoint
// answers, and whether that is right. Any thread; no state; texts of strangers in, values out, nothing
// throws for them. No password is known here: HA1 values stand for them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trunkline::sip {

enum class DigestAlgorithm { md5, sha256 };

/// H(number:realm:password) in hexadecimal, for each algorithm; "" where it is not known.
struct Ha1 {
    std::string md5, sha256;
    friend bool operator==(const Ha1&, const Ha1&) = default;
};

/// What an Authorization header of the scheme Digest says.
struct Credentials {
    std::string username, realm, nonce, uri, response, cnonce, count, qop;
    DigestAlgorithm algorithm = DigestAlgorithm::md5;  // RFC 7616 3.3: what "none written" means

    /// The number of uses of the nonce; 1 for a client that counts none, so that its nonce serves once.
    [[nodiscard]] std::uint32_t uses() const;
};
/// `parameters`: the header's value after the scheme. Nothing where a necessary one is missing, too long, or
/// asks for what we never offered (another algorithm or qop).
[[nodiscard]] std::optional<Credentials> parse_credentials(std::string_view parameters);

/// The header's value that asks for credentials: one for each algorithm, since a client may know MD5 only.
[[nodiscard]] std::string challenge(DigestAlgorithm algorithm, std::string_view realm, std::string_view nonce,
                                    bool stale);

/// Whether the answer is that of somebody who knows the password. Takes the same time for right and wrong.
[[nodiscard]] bool is_right(const Credentials& credentials, const Ha1& secret, std::string_view method);

/// In hexadecimal.
[[nodiscard]] std::string hash_of(DigestAlgorithm algorithm, std::string_view text);

}  // namespace trunkline::sip
