// A configuration from which objects have gone that are still in use: they stay as they were, marked as
// leaving, until nothing is done with them any more. Pure functions.
#pragma once

#include <set>

#include "engine/model/snapshot.hpp"

namespace trunkline::model {

struct InUse {
    std::set<DnId> dns;
    std::set<LoginId> logins;
    std::set<PersonId> persons;
};

/// `next` itself where it has all that is in use; else `next` with what it lacks of it, as `former` had it. A
/// number that was given to another object meanwhile means that one.
[[nodiscard]] SharedSnapshot with_leaving(const SharedSnapshot& next, const Snapshot& former,
                                          const InUse& in_use);

}  // namespace trunkline::model
