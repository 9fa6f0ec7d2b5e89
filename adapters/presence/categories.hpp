// application/msrtc-event-categories+xml: what OCS and Lync publish of a person, in categories (MS-PRES). Of
// them the state that the server made of all endpoints (aggregateState) and the note count. Pure; any thread.
#pragma once

#include <optional>

#include <pugixml.hpp>

#include "adapters/presence/presence.hpp"
#include "engine/base/error.hpp"

namespace trunkline::presence {

/// `root` must be <categories> of 2006/09/sip/categories. Nothing where it has no aggregateState: a
/// notification brings the categories that changed, and a note or a calendar alone says nothing of who can be
/// reached. The activity's token counts while the availability is within the token's own minAvailability and
/// maxAvailability.
[[nodiscard]] Result<std::optional<Presence>> read_categories(pugi::xml_node root);

}  // namespace trunkline::presence
