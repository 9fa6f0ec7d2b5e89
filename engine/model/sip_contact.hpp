// A SIP address as configuration and strategies write it (option `contact`, ix:route_to), taken apart as far
// as the engine has to know: who is meant, and at which host. The adapter reads the whole of it. Pure
// functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trunkline::model {

struct SipContact {
    std::string scheme = "sip";
    std::string user;   // as it was written; "" where the address names a host alone
    std::string place;  // host, port and parameters: "10.0.0.5:5060;transport=tcp"

    /// Lower case, without port.
    [[nodiscard]] std::string host() const;
    [[nodiscard]] std::string text() const { return at(user); }
    /// The same place with another user part.
    [[nodiscard]] std::string at(std::string_view other_user) const;
};

/// Whether it begins with sip: or sips:, in any case.
[[nodiscard]] bool has_sip_scheme(std::string_view text);
/// The scheme may be left out. None where it is no address: blanks, control characters, no host, too long.
[[nodiscard]] std::optional<SipContact> parse_sip_contact(std::string_view text);

/// A telephone number without what is written for the eye (RFC 3966 5.1.1): "+49 (30) 12-34" is "+49301234".
/// None where it is no number.
[[nodiscard]] std::optional<std::string> plain_number(std::string_view text);

}  // namespace trunkline::model
