// Table trace_step: what a strategy did and at which line, as far as setting reporting.trace keeps it and at
// most 200 steps an interaction, so that a strategy in a loop cannot fill the database. Errors count among
// them: one that comes later is still told in the log and in table log_event. Engine thread; cannot fail.
#pragma once

#include "engine/flows/core.hpp"

namespace trunkline::flows {

/// Where a strategy stands, and what it does there; `detail_json` is a JSON object or "".
struct Step {
    const std::string& file;
    int line = 0;
    const std::string& name;
    const std::string& detail_json;
};

/// Writes the step's row unless the setting leaves it out or the interaction has had its 200.
void trace_step(Core&, interactions::Interaction&, scripting::TraceLevel, const Step&);

}  // namespace trunkline::flows
