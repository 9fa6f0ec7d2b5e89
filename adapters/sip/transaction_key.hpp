// The digest by which a repeated request is known again (RFC 3261 17.2.3, and 8.2.7 for the tag of stateless
// answers). SIP thread; the salt of one server run keeps strangers from making two requests of one digest.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "adapters/sip/duplicate_table.hpp"
#include "adapters/sip/sofia.hpp"

namespace trunkline::sip {

class TransactionDigest {
  public:
    TransactionDigest();
    [[nodiscard]] TransactionKey of(const sip_t* request) const;
    /// The To tag of our answers: the same for every repetition of a request.
    [[nodiscard]] static std::string tag_of(const TransactionKey&);

  private:
    std::array<std::uint64_t, 2> salt_{};
};

}  // namespace trunkline::sip
