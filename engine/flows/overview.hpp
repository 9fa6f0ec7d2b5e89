// The engine's tables as flat rows (engine/messages/views.hpp), and taking a new configuration into force.
#pragma once

#include "engine/flows/core.hpp"
#include "engine/messages/views.hpp"

namespace trunkline::flows {

[[nodiscard]] StatusRow status_row(const Core&);
[[nodiscard]] std::vector<AgentRow> agent_rows(const Core&, TimePoint now);
[[nodiscard]] std::vector<InteractionRow> interaction_rows(const Core&, TimePoint now);
[[nodiscard]] std::vector<QueueRow> queue_rows(const Core&, TimePoint now);

/// Takes effect for what starts from now on; an agent or DN that is gone goes once nothing rings or talks
/// there (engine/flows/leaving.hpp).
void on_config_changed(Core&, model::SharedSnapshot);

}  // namespace trunkline::flows
