// Who wrote to whom, read from a request that opens something. SIP thread; no state.
#pragma once

#include <string>
#include <variant>

#include "adapters/sip/sofia.hpp"
#include "adapters/sip/text_body.hpp"

namespace trunkline::sip {

struct Caller {
    std::string dnis;      // user part of the Request-URI
    std::string host;      // its host
    std::string customer;  // From, as an identity
    std::string ani;       // its user part
};

/// The caller, or the status that refuses a request which names none (400, 404, 416).
[[nodiscard]] std::variant<Caller, int> caller_of(const sip_t* request);

/// The body of a MESSAGE as text.
[[nodiscard]] TextBody body_of(const sip_t* request);

/// The body as bytes; "" where there is none. Lives as long as the message.
[[nodiscard]] std::string_view payload_of(const sip_t* request);

}  // namespace trunkline::sip
