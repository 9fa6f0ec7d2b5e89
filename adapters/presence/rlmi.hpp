// application/rlmi+xml (RFC 4662 5) as OCS sends it to a batch subscription: whom to subscribe to again, and
// where (MS-PRES). The rest of the format, which tells lists apart, is not read. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include <pugixml.hpp>

#include "engine/base/error.hpp"

namespace trunkline::presence {

/// Subscribe to `entity` again: at `pool`, a host name, or where the subscription is now where that is "".
/// The name is a stranger's word: whoever goes there checks first that it is a pool he knows.
struct Resubscribe {
    std::string entity;
    std::string pool;
    bool operator==(const Resubscribe&) const = default;
};

/// `root` must be <list>; its own namespace counts for what is in it. Resources whose instance has another
/// state than "resubscribe" are left out.
[[nodiscard]] Result<std::vector<Resubscribe>> read_rlmi(pugi::xml_node root);

}  // namespace trunkline::presence
