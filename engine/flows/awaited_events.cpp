#include "engine/flows/awaited_events.hpp"

#include "engine/flows/strategies.hpp"
#include "engine/messages/t_message_json.hpp"

namespace trunkline::flows {

void await_event(Core& core, CallUuid id, scripting::Strand strand, const scripting::WaitForEvent& wait) {
    core.awaited.insert_or_assign(id, AwaitedEvent{static_cast<messages::MessageId>(wait.message), strand});
}

void forget_awaited(Core& core, CallUuid id) { core.awaited.erase(id); }

void tell_script(Core& core, const messages::TMessage& event) {
    // The shadow of a text at gcti::im is the monitors' alone: what a script sees must not hang on who
    // watches.
    if (event.this_dn == messages::im_monitor_dn) return;
    const auto waits = core.awaited.find(event.call_uuid);
    if (waits == core.awaited.end() || waits->second.message != event.message) return;
    const scripting::Strand strand = waits->second.strand;
    Interaction* ix = core.interactions.find(event.call_uuid);
    if (ix == nullptr) return;
    std::string json;
    messages::append_json(json, event, 0, {});
    answer_script(core, *ix, scripting::EventArrived{std::move(json)}, strand);
}

}  // namespace trunkline::flows
