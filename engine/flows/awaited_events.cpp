#include "engine/flows/awaited_events.hpp"

#include "engine/flows/strategies.hpp"
#include "engine/messages/t_message_json.hpp"

namespace trunkline::flows {

void await_event(Core& core, Interaction& ix, const scripting::WaitForEvent& wait) {
    ix.wait = interactions::ScriptWait::event;
    core.awaited.insert_or_assign(ix.id, static_cast<messages::MessageId>(wait.message));
    if (wait.timeout.count() > 0)
        ix.wait_timer = core.timers.schedule(core.now + wait.timeout, WaitOver{ix.id});
}

void forget_awaited(Core& core, CallUuid id) { core.awaited.erase(id); }

void tell_script(Core& core, const messages::TMessage& event) {
    // The shadow of a text at gcti::im is the monitors' alone: what a script sees must not hang on who
    // watches.
    if (event.this_dn == messages::im_monitor_dn) return;
    const auto waits = core.awaited.find(event.call_uuid);
    if (waits == core.awaited.end() || waits->second != event.message) return;
    Interaction* ix = core.interactions.find(event.call_uuid);
    if (ix == nullptr) return;
    std::string json;
    messages::append_json(json, event, 0, {});
    answer_script(core, *ix, scripting::EventArrived{std::move(json)});
}

}  // namespace trunkline::flows
