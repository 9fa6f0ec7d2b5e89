// text/xml+msrtc.pidf: the presence of Live Communications Server 2005, two small scales where OCS has one.
// They are translated to the numbers of OCS, so that a mapping meets one scale. Pure; any thread.
#pragma once

#include <pugixml.hpp>

#include "adapters/presence/presence.hpp"
#include "engine/base/error.hpp"

namespace trunkline::presence {

/// `root` must be <presentity> of 2002/09/sip/presence. The server's aggregates count, not single devices; a
/// state that the person set by hand (userInfo/states/state, an OCS number already) counts where it is the
/// less available one.
[[nodiscard]] Result<Presence> read_lcs(pugi::xml_node root);

}  // namespace trunkline::presence
