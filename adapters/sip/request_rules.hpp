// What every request has to be like before any part of the endpoint looks at it (RFC 3261 8.2.1, 8.2.2):
// an address of a kind that we know, a method that is served, extensions that are known, the same method in
// line and CSeq. SIP thread; no state.
#pragma once

#include <optional>
#include <string>

#include "adapters/sip/sofia.hpp"

namespace trunkline::sip {

struct Refusal {
    int status = 0;
    std::string unsupported;  // the extensions of a 420
};

/// Why a request outside our dialogs is refused at once; nothing where a part shall see it.
/// `registrar`: there is one, so REGISTER is served.
[[nodiscard]] std::optional<Refusal> refusal_of(const sip_t* request, bool registrar);

/// What a request requires and we do not have, for the header Unsupported (RFC 3261 8.2.2.3); "" where all is
/// well. ACK and CANCEL require nothing.
[[nodiscard]] std::string unknown_extensions(const sip_t* request);

}  // namespace trunkline::sip
