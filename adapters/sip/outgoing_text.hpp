// One MESSAGE of ours as a client transaction. SIP thread.
#pragma once

#include <string>
#include <string_view>

#include "adapters/sip/sofia.hpp"

namespace trunkline::sip {

struct OutgoingText {
    nta_agent_t* agent;
    nta_leg_t* leg;             // gives From, To, Call-ID and CSeq
    const std::string& text;    // UTF-8
    const std::string& route;   // the next hop, numeric
    const std::string& target;  // Request-URI; "" for the dialog's own
    const std::string& user_agent;
};

/// Sends it. `listener` hears of every response until the handle is destroyed. Null when Sofia refuses it.
[[nodiscard]] OutgoingHandle begin_text(const OutgoingText& what, ResponseListener& listener);

/// A name or number as the user part of a URI (RFC 3261 25.1).
[[nodiscard]] std::string escaped_user(std::string_view user);

}  // namespace trunkline::sip
