#include "engine/flows/device_state.hpp"

namespace trunkline::flows {
namespace {

// An event holds a mebibyte at most.
constexpr std::size_t most_calls = 1'000;

void add_call(KvList& calls, const interactions::Interaction& ix, std::string_view state) {
    KvList call;
    call.add("CallUUID", to_call_uuid_text(ix.id));
    call.add("State", std::string(state));
    call.add("OtherDN", ix.ani);
    call.add("DNIS", ix.dnis);
    call.add("MediaType", std::int64_t{messages::media_chat});
    calls.add(to_conn_id_text(ix.conn_id), std::move(call));
}

}  // namespace

std::int64_t address_type(const model::DnEntry& dn) {
    constexpr std::int64_t plain = 1, queue = 3, route = 4;
    switch (dn.type) {
        case model::DnType::routing_point:
            return route;
        case model::DnType::acd_queue:
        case model::DnType::virtual_queue:
            return queue;
        default:
            return plain;
    }
}

KvList calls_at(const Core& core, const model::DnEntry& dn) {
    KvList calls;
    for (const SlotId id : core.agents.slots_of(dn.id)) {
        const agents::Slot& slot = *core.agents.slot(id);
        if (const auto* ix = core.interactions.find(slot.interaction);
            ix != nullptr && calls.size() < most_calls)
            add_call(calls, *ix, slot.established ? "established" : "ringing");
    }
    if (dn.type != model::DnType::routing_point) return calls;
    for (const auto& [id, ix] : core.interactions.all()) {
        if (calls.size() == most_calls) break;
        if (ix->routing_point == dn.id && !ix->diverted)
            add_call(calls, *ix, interactions::to_text(ix->phase));
    }
    return calls;
}

KvList device_state(const Core& core, const model::DnEntry& dn) {
    KvList state;
    const agents::Seat* seat = core.agents.seat(dn.id);
    state.add("AgentStatus", std::string(seat == nullptr ? "LoggedOut" : agents::to_text(seat->state)));
    if (seat != nullptr) {
        if (const auto* login = core.config->login(seat->login)) state.add("AgentID", login->object->code);
        state.add("AgentWorkMode", seat->work_mode);
        if (seat->reasons && !seat->reasons->empty()) state.add("Reasons", *seat->reasons);
        if (seat->do_not_disturb) state.add("DND", std::int64_t{1});
    }
    state.add("Calls", calls_at(core, dn));
    return state;
}

}  // namespace trunkline::flows
