// Destinations that are no DN of the switch: an external number, which a Trunk carries, and a SIP URI, which
// is called itself.
#pragma once

#include "engine/flows/party_legs.hpp"

namespace trunkline::flows {

struct External {
    std::string number;  // as events and rows name it: the number, or the URI
    SipPlace place;
};

/// A SIP URI of the switch's own domain is the number in its user part; everything else stays as it is.
[[nodiscard]] std::string own_number(const Core&, const Interaction&, const std::string& destination);
/// The DN of the interaction's switch, else of its tenant; null where there is none.
[[nodiscard]] const model::DnEntry* dn_named(const Core&, const Interaction&, const std::string& number);
/// None where it is neither a SIP URI nor a number that a Trunk of the switch takes. The caller has looked
/// whether it is a DN.
[[nodiscard]] std::optional<External> external_destination(const Core&, const Interaction&,
                                                           const std::string& destination);

}  // namespace trunkline::flows
