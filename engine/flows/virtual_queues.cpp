#include "engine/flows/virtual_queues.hpp"

#include <algorithm>

#include "engine/flows/leaving.hpp"

namespace trunkline::flows {
namespace {

using interactions::VirtualQueueStay;
using messages::CallState;
using messages::MessageId;

constexpr std::size_t most_queues = 16;  // of one interaction at a time
// Reasons of EventDiverted where an agent was chosen from the targets (facts.md 3.6).
constexpr std::int64_t routed_to_target = 115;

SharedKv extensions_of(const Core& core, const Interaction& ix, const VirtualQueueStay& stay) {
    KvList list;
    list.add("SIGNATURE", "router");
    list.add("NAME", "trunkline");
    list.add("VQID", to_call_uuid_text(stay.id));
    list.add("Location", core.switch_name(ix.sw));
    list.add("CallUUID", to_call_uuid_text(ix.id));
    return std::make_shared<const KvList>(std::move(list));
}

void emit(Core& core, const Interaction& ix, const VirtualQueueStay& stay, MessageId id, CallState state,
          const std::string& third_party_dn = {}, SharedKv reasons = {}) {
    if (!core.devices.reachable(stay.queue)) return;
    messages::TMessage event = call_event(ix, id, stay.number, state);
    event.this_queue = stay.number;
    event.third_party_dn = third_party_dn;
    event.this_dn_role = static_cast<int>(messages::DnRole::destination);
    event.other_dn_role = static_cast<int>(messages::DnRole::origination);
    event.extensions = extensions_of(core, ix, stay);
    event.reasons = std::move(reasons);
    core.emit_to(stay.queue, std::move(event));
}

SharedKv reason(std::string_view code) {
    KvList list;
    list.add("ReasonCode", std::string(code));
    return std::make_shared<const KvList>(std::move(list));
}

void close_row(Core& core, const VirtualQueueStay& stay, const char* outcome) {
    core.record(records::QueueLeft{stay.row, stay.entered, core.now, outcome});
    note_end_at(core, stay.queue, {});
}

void clear(Core& core, const Interaction& ix, const VirtualQueueStay& stay, const char* outcome) {
    if (!stay.diverted)
        emit(core, ix, stay, MessageId::event_diverted, CallState::cleared, {}, reason(outcome));
    close_row(core, stay, outcome);
}

const model::DnEntry* queue_named(const Core& core, const Interaction& ix, std::string_view name) {
    const model::DnEntry* dn = core.config->dn(ix.sw, name);
    if (dn == nullptr) dn = core.config->dn(ix.tenant, name);
    return dn != nullptr && dn->tenant == ix.tenant && dn->type == model::DnType::virtual_queue ? dn
                                                                                                : nullptr;
}

Result<void> enter(Core& core, Interaction& ix, std::string_view name, bool by_route) {
    const std::string quoted = "virtual queue '" + std::string(name) + "'";
    const model::DnEntry* dn = queue_named(core, ix, name);
    if (dn == nullptr || dn->leaving)
        return Error{ErrorCode::dn_not_configured,
                     "there is no " + quoted + " in this tenant: a DN of type VirtualQueue is needed"};
    if (ix.phase == interactions::Phase::established)
        return Error{ErrorCode::wrong_device_state,
                     "an agent has the interaction: it cannot enter " + quoted + " any more"};
    for (const VirtualQueueStay& stay : ix.virtual_queues)
        if (stay.queue == dn->id)
            return Error{ErrorCode::already_in_state, "the interaction is in " + quoted + " already"};
    if (ix.virtual_queues.size() >= most_queues)
        return Error{ErrorCode::wrong_device_state,
                     "the interaction is in 16 virtual queues already: leave one with ix:dequeue first"};
    VirtualQueueStay stay;
    stay.queue = dn->id;
    stay.number = dn->object->number;
    stay.id = core.ids.next_uuid(core.now);
    stay.by_route = by_route;
    stay.entered = core.now;
    records::QueueEntered row;
    row.seq = core.ids.next_seq();
    row.tenant = core.tenant_name(ix.tenant);
    row.switch_ = core.switch_name(dn->sw);
    row.queue = stay.number;
    row.kind = "virtual_queue";
    row.interaction_id = ix.id;
    row.entered_at = core.now;
    stay.row = row.seq;
    core.record(std::move(row));
    emit(core, ix, stay, MessageId::event_queued, CallState::ok);
    ix.virtual_queues.push_back(std::move(stay));
    return {};
}

}  // namespace

Result<void> enter_virtual_queue(Core& core, Interaction& ix, std::string_view name) {
    return enter(core, ix, name, false);
}

Result<void> leave_virtual_queue(Core& core, Interaction& ix, std::string_view name) {
    const model::DnEntry* dn = queue_named(core, ix, name);
    const auto at = std::find_if(
        ix.virtual_queues.begin(), ix.virtual_queues.end(),
        [&](const VirtualQueueStay& s) { return dn == nullptr ? s.number == name : s.queue == dn->id; });
    if (at == ix.virtual_queues.end())
        return Error{ErrorCode::wrong_device_state,
                     "the interaction is not in virtual queue '" + std::string(name) + "'"};
    clear(core, ix, *at, "cleared");
    ix.virtual_queues.erase(at);
    return {};
}

void enter_queue_of_route(Core& core, Interaction& ix, std::string_view name) {
    const Result<void> entered = enter(core, ix, name, true);
    if (!entered && entered.error().code != ErrorCode::already_in_state)
        core.log(messages::LogLevel::error, "ix:route without its queue: " + entered.error().message, ix.id);
}

void leave_queue_of_route(Core& core, Interaction& ix, routing::RouteFailure failure) {
    std::erase_if(ix.virtual_queues, [&](const VirtualQueueStay& stay) {
        if (!stay.by_route) return false;
        clear(core, ix, stay, failure == routing::RouteFailure::timeout ? "timeout" : "cleared");
        return true;
    });
}

void divert_virtual_queues(Core& core, Interaction& ix, const std::string& to, bool by_target) {
    KvList routed;
    routed.add("RTR", routed_to_target);
    const SharedKv reasons =
        by_target ? std::make_shared<const KvList>(std::move(routed)) : reason("another-target");
    for (VirtualQueueStay& stay : ix.virtual_queues)
        if (!std::exchange(stay.diverted, true))
            emit(core, ix, stay, MessageId::event_diverted, CallState::ok, to, reasons);
}

void queue_virtual_queues_again(Core& core, Interaction& ix) {
    for (VirtualQueueStay& stay : ix.virtual_queues)
        if (std::exchange(stay.diverted, false)) emit(core, ix, stay, MessageId::event_queued, CallState::ok);
}

void virtual_queues_answered(Core& core, Interaction& ix, bool by_target) {
    for (const VirtualQueueStay& stay : std::exchange(ix.virtual_queues, {}))
        close_row(core, stay, by_target ? "distributed" : "cleared");
}

void leave_virtual_queues(Core& core, Interaction& ix, bool customer_left) {
    for (const VirtualQueueStay& stay : std::exchange(ix.virtual_queues, {})) {
        if (!customer_left) {
            clear(core, ix, stay, "cleared");
            continue;
        }
        if (!stay.diverted) emit(core, ix, stay, MessageId::event_abandoned, CallState::abandoned);
        close_row(core, stay, "abandoned");
    }
}

}  // namespace trunkline::flows
