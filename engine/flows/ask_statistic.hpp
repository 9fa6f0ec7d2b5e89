// What somebody asks of the live statistics: an object by its name, and a statistic by Stat Server's name for
// it.
#pragma once

#include <string>
#include <string_view>

#include "engine/flows/core.hpp"
#include "engine/statistics/catalogue.hpp"

namespace trunkline::flows {

/// About `object` of the tenant: "type:name" (dn, queue, agent, group, place, place_group, skill, tenant), or
/// a name, which is looked up in this order (skill and queue need their type). An agent or a skill expression
/// is written as in Lua's targets. The error says what there is not: dn_not_configured for the object,
/// bad_attribute for the statistic.
[[nodiscard]] Result<statistics::Answer> ask_statistic(const Core&, TenantId, std::string_view object,
                                                       std::string_view statistic, TimePoint now);
/// The same in the tenant of this name; with "" in whichever tenant has the object, where one alone has it.
[[nodiscard]] Result<statistics::Answer> ask_statistic(const Core&, std::string_view tenant,
                                                       std::string_view object, std::string_view statistic,
                                                       TimePoint now);

}  // namespace trunkline::flows
