// application/pidf+xml: RFC 3863 with persons (RFC 4479) and activities (RFC 4480, its draft of old, and
// Cisco's). Lenient where CUCM is invalid: a person without an id, with a status of its own, activities
// inside a tuple's status. Pure; any thread.
#pragma once

#include <pugixml.hpp>

#include "adapters/presence/presence.hpp"
#include "engine/base/error.hpp"

namespace trunkline::presence {

/// `root` must be {urn:ietf:params:xml:ns:pidf}presence. Open where any tuple is open (RFC 3863 4.1.2: each
/// tuple is a way to the person); where no tuple has a basic status, what the person's own says; where
/// nothing says anything, closed. Activities are put together, the persons' before the tuples'.
[[nodiscard]] Result<Presence> read_pidf(pugi::xml_node root);

}  // namespace trunkline::presence
