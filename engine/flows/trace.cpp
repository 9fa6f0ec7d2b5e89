#include "engine/flows/trace.hpp"

namespace trunkline::flows {
namespace {

using scripting::TraceKept;
using scripting::TraceLevel;

constexpr int most_steps = 200;

bool kept(TraceKept kept, TraceLevel level) {
    return kept == TraceKept::all || (kept == TraceKept::decisions && level == TraceLevel::decision);
}

}  // namespace

void trace_step(Core& core, interactions::Interaction& ix, TraceLevel level, const Step& step) {
    if (!kept(core.trace, level) || ix.trace_steps >= most_steps) return;
    ++ix.trace_steps;
    records::TraceStep row;
    row.seq = core.ids.next_seq();
    row.interaction_id = ix.id;
    row.tenant = core.tenant_name(ix.tenant);
    row.at = core.now;
    row.generation = ix.generation.value();
    row.file = step.file;
    if (step.line > 0) row.line = step.line;
    row.step = step.name;
    row.detail.is = step.detail_json;
    core.record(std::move(row));
}

}  // namespace trunkline::flows
