#include "engine/flows/busy_treatment.hpp"

#include "engine/flows/awaited_events.hpp"
#include "engine/flows/outside.hpp"

namespace trunkline::flows {

using interactions::ScriptWait;

void look_at_on_wait(Core& core, const Interaction& ix) {
    const auto* waiting = core.router.find(ix.id);
    if (waiting != nullptr && waiting->request.on_wait) core.answers.emplace_back(LookAtOnWait{ix.id});
}

void agent_found(Core& core, Interaction& ix) {
    ix.on_wait_begun = false;
    look_at_on_wait(core, ix);
}

void cut_on_wait_short(Core& core, CallUuid id) {
    if (Interaction* ix = core.interactions.find(id)) {
        core.timers.cancel(ix->on_wait_timer);
        forget_outside(core, *ix, scripting::Strand::on_wait);
        if (std::exchange(ix->on_wait, ScriptWait::none) == ScriptWait::event) forget_awaited(core, id);
    }
    core.scripts->close_on_wait(id);
}

}  // namespace trunkline::flows
