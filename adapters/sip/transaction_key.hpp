// The digest by which a repeated request is known again (RFC 3261 17.2.3, and 8.2.7 for the tag of stateless
// answers). SIP thread; the secret keeps strangers from making two requests of one digest, and is the same
// over a restart where it is given.
#pragma once

#include <string>

#include "adapters/sip/duplicate_table.hpp"
#include "adapters/sip/sofia.hpp"

namespace trunkline::sip {

class TransactionDigest {
  public:
    /// "": a secret of its own.
    explicit TransactionDigest(std::string secret = {});
    [[nodiscard]] TransactionKey of(const sip_t* request) const;
    /// The To tag of our answers: the same for every repetition of a request.
    [[nodiscard]] static std::string tag_of(const TransactionKey&);
    /// As it goes into the text's row, and back; a key of zeros where the text is none.
    [[nodiscard]] static std::string text_of(const TransactionKey&);
    [[nodiscard]] static TransactionKey key_in(const std::string& text);

  private:
    std::string secret_;
};

}  // namespace trunkline::sip
