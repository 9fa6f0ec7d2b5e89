// Customers in pager mode whose session a crash cut off: they are told, and their next text names the old
// interaction as its parent. The old rows are closed by the report writer.
#pragma once

#include "engine/flows/core.hpp"

namespace trunkline::flows {

void on_sessions_cut_off(Core&, const messages::SessionsCutOff&);

}  // namespace trunkline::flows
