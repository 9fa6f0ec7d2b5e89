#include "engine/flows/lost_strategies.hpp"

#include "engine/flows/awaited_events.hpp"
#include "engine/flows/busy_treatment.hpp"
#include "engine/flows/direct_routing.hpp"
#include "engine/flows/offering.hpp"
#include "engine/flows/outside.hpp"
#include "engine/flows/strategies.hpp"
#include "engine/flows/virtual_queues.hpp"

namespace trunkline::flows {
namespace {

using interactions::Phase;
using interactions::ScriptWait;
using scripting::Strand;

// Nothing that the run waited for will be answered to it.
void take_from_waits(Core& core, Interaction& ix) {
    cut_on_wait_short(core, ix.id);
    ix.wait = ScriptWait::none;
    forget_awaited(core, ix.id);
    core.timers.cancel(ix.wait_timer);
    forget_outside(core, ix, Strand::strategy);
    std::erase_if(core.answers, [&](const Turn& turn) {
        const auto* answer = std::get_if<PendingAnswer>(&turn);
        const auto* look = std::get_if<LookAtOnWait>(&turn);
        return (answer != nullptr && answer->interaction == ix.id) ||
               (look != nullptr && look->interaction == ix.id);
    });
}

// The wait for an agent ends; an agent who rings keeps ringing, by the engine's own word from now on.
void take_from_routing(Core& core, Interaction& ix) {
    if (!core.router.waits(ix.id)) return;
    if (ix.offer)
        core.offers.make_direct(ix.offer);
    else
        record_route(core, ix, "default");
    core.router.remove(ix.id, core.now);
    leave_queue_of_route(core, ix, routing::RouteFailure::no_target);
    core.timers.cancel(ix.pass_over_timer);
    if (!ix.offer) ix.phase = Phase::routing_point;
}

// False where the interaction needs no `default`: it is gone, or an agent or a DN has it or is about to.
bool take_from_script(Core& core, CallUuid id, const scripting::ScriptError& error) {
    Interaction* ix = tell_failure(core, id, "strategy ended", error);
    if (ix != nullptr) {
        take_from_waits(core, *ix);
        take_from_routing(core, *ix);
    }
    core.scripts->give_up(id);
    ix = core.interactions.find(id);
    if (ix == nullptr) return false;
    while (!ix->treatments.empty()) end_treatment(core, *ix, "error", "");
    return ix->phase == Phase::routing_point && !core.timers.running(ix->queued_timer);
}

scripting::ScriptError reason(const Interaction* ix, scripting::FailureKind kind, const std::string& why) {
    scripting::ScriptError error;
    error.kind = kind;
    error.file = ix == nullptr ? "strategies" : "strategies/" + ix->strategy + ".lua";
    error.message = error.file + ": " + why;
    return error;
}

void retire(Core& core, CallUuid id) {
    const scripting::ScriptError error = reason(
        core.interactions.find(id), scripting::FailureKind::error,
        "ended: it ran in the oldest of nine generations of scripts, and eight is the most; strategies "
        "that wait for days keep theirs");
    if (!take_from_script(core, id, error)) {
        core.scripts->close(id);
        return;
    }
    Interaction& ix = *core.interactions.find(id);
    if (!std::exchange(ix.in_default, true)) {
        const scripting::Run run = core.scripts->start_default(id, ix.strategy, error);
        if (run.error) tell_failure(core, id, "script error", *run.error);
    }
    core.scripts->close(id);
    for (const auto& [ending, why] : core.endings)
        if (ending == id) return;
    default_route(core, ix);
}

}  // namespace

void retire_old_generations(Core& core) {
    for (auto old = core.scripts->surplus(); !old.empty(); old = core.scripts->surplus())
        for (const CallUuid id : old) retire(core, id);
}

void end_largest_strategies(Core& core) {
    while (const auto id = core.scripts->largest_when_full()) {
        const scripting::ScriptError error = reason(
            core.interactions.find(*id), scripting::FailureKind::memory,
            "ended: the scripts' memory is full (setting scripts.memory_budget_mib) and it held the most, " +
                std::to_string(core.scripts->bytes_of(*id)) + " bytes");
        if (take_from_script(core, *id, error))
            run_default(core, *id, error);
        else
            core.scripts->close(*id);
    }
}

}  // namespace trunkline::flows
