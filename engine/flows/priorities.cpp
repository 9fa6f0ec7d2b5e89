#include "engine/flows/priorities.hpp"

#include <algorithm>

namespace trunkline::flows {
namespace {

using interactions::Interaction;

void schedule_step(Core& core, Interaction& ix) {
    if (ix.priority < ix.priority_rise.limit)
        ix.priority_rise.timer = core.timers.schedule(core.now + ix.priority_rise.every, PriorityDue{ix.id});
}

}  // namespace

void set_priority(Core& core, Interaction& ix, int priority) {
    ix.priority = priority;
    core.router.set_priority(ix.id, priority);
}

void raise_priority(Core& core, Interaction& ix, int by, Duration every, int limit) {
    stop_priority_rise(core, ix);
    if (by <= 0 || every.count() <= 0 || ix.answered) return;
    ix.priority_rise.by = by;
    ix.priority_rise.every = every;
    ix.priority_rise.limit = limit;
    schedule_step(core, ix);
}

void stop_priority_rise(Core& core, Interaction& ix) { core.timers.cancel(ix.priority_rise.timer); }

void on_priority_due(Core& core, CallUuid id) {
    Interaction* ix = core.interactions.find(id);
    if (ix == nullptr) return;
    ix->priority_rise.timer = {};
    const std::int64_t next = std::int64_t{ix->priority} + ix->priority_rise.by;
    const std::int64_t limit = ix->priority_rise.limit;
    if (ix->priority < limit) set_priority(core, *ix, static_cast<int>(std::min(next, limit)));
    schedule_step(core, *ix);
}

}  // namespace trunkline::flows
