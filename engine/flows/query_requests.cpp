// What a client asks about a DN or a session; nothing changes. RequestQueryServer is answered where clients
// are opened (adapters/tlib).
#include <algorithm>
#include <array>

#include "engine/flows/call_events.hpp"
#include "engine/flows/device_state.hpp"
#include "engine/flows/endpoints.hpp"
#include "engine/flows/requests.hpp"

namespace trunkline::flows {
namespace {

using agents::AgentState;
using interactions::PartyState;
using messages::MessageId;

// ---- a DN: the figure for each AddressInfoType ----

std::int64_t address_status(const Core& core, const model::DnEntry& dn) {
    constexpr std::int64_t idle = 0, talking = 3, ringing = 4;
    std::int64_t status = idle;
    for (const SlotId id : core.agents.slots_of(dn.id)) {
        if (core.agents.slot(id)->established) return talking;
        status = ringing;
    }
    return status;
}

std::int64_t agent_status(const Core& core, const model::DnEntry& dn) {
    constexpr std::int64_t logged_out = 0, ready = 2, not_ready = 3, after_call_work = 4;
    const agents::Seat* seat = core.agents.seat(dn.id);
    if (seat == nullptr) return logged_out;
    if (seat->state == AgentState::ready) return ready;
    return seat->state == AgentState::after_call_work ? after_call_work : not_ready;
}

// Log-ins that named this queue; of them, where `able_only`, those who could be offered something now.
std::int64_t agents_of_queue(const Core& core, const model::DnEntry& queue, bool able_only) {
    std::int64_t count = 0;
    for (const auto& [dn, seat] : core.agents.seats())
        count += seat.queue == queue.id && (!able_only || core.router.ability(dn) == routing::Ability::able);
    return count;
}
std::int64_t agents_in_queue(const Core& core, const model::DnEntry& queue) {
    return agents_of_queue(core, queue, false);
}
std::int64_t available_in_queue(const Core& core, const model::DnEntry& queue) {
    return agents_of_queue(core, queue, true);
}

std::int64_t calls_in_queue(const Core& core, const model::DnEntry& dn) {
    std::int64_t count = 0;
    for (const auto& [id, ix] : core.interactions.all()) {
        const auto& stays = ix->virtual_queues;
        count += (ix->routing_point == dn.id && !ix->diverted) ||
                 std::any_of(stays.begin(), stays.end(),
                             [&](const auto& stay) { return stay.queue == dn.id && !stay.diverted; });
    }
    return count;
}

std::int64_t type_of_address(const Core&, const model::DnEntry& dn) { return address_type(dn); }
std::int64_t calls(const Core& core, const model::DnEntry& dn) {
    return static_cast<std::int64_t>(calls_at(core, dn).size());
}
std::int64_t in_service(const Core& core, const model::DnEntry& dn) { return reachable(core, dn.id) ? 1 : 0; }

struct AddressInfo {
    std::int64_t type;
    std::int64_t (*figure)(const Core&, const model::DnEntry&);
};
constexpr std::array address_infos{
    AddressInfo{0, address_status},  AddressInfo{4, agent_status},
    AddressInfo{5, agents_in_queue}, AddressInfo{6, available_in_queue},
    AddressInfo{7, calls_in_queue},  AddressInfo{8, type_of_address},
    AddressInfo{9, calls},           AddressInfo{17, in_service},
};

// ---- a session ----

// T-Library's party states.
std::int64_t state_mask(PartyState state) {
    switch (state) {
        case PartyState::queued:
            return 0x9;
        case PartyState::alerting:
            return 0xA;
        case PartyState::connected:
            return 0xC;
        case PartyState::held:
            return 0xE;
        default:
            return 0;
    }
}

KvList parties_of(const interactions::Interaction& ix) {
    KvList list;
    std::int64_t number = 0;
    for (const interactions::Party& party : ix.parties) {
        const std::string name = "Party" + std::to_string(++number);
        list.add(name, party.number);
        list.add(name + "_role", std::string(interactions::to_text(party.role)));
        list.add(name + "_state", state_mask(party.state));
    }
    list.add("PartiesLength", number);
    return list;
}

}  // namespace

Refusal query_address(Core& core, const Asked& asked) {
    const auto& request = asked.request;
    if (!request.address_info_type) return bad_attribute("attribute 'AddressInfoType' is missing");
    const auto info = std::find_if(address_infos.begin(), address_infos.end(), [&](const AddressInfo& one) {
        return one.type == *request.address_info_type;
    });
    if (info == address_infos.end())
        return Error{ErrorCode::unsupported, "AddressInfoType " + std::to_string(*request.address_info_type) +
                                                 " is not answered: 0, 4 to 9 and 17 are"};
    messages::TMessage event;
    event.message = MessageId::event_address_info;
    event.reference_id = request.reference_id;
    event.this_dn = request.this_dn;
    event.address_type = address_type(*asked.dn);
    event.address_info_type = request.address_info_type;
    event.address_info_status = info->figure(core, *asked.dn);
    event.extensions = std::make_shared<const KvList>(device_state(core, *asked.dn));
    core.emit(std::move(event), {asked.client});
    return std::nullopt;
}

Refusal query_call(Core& core, const Asked& asked) {
    constexpr std::int64_t parties = 0, status = 1;
    const auto& request = asked.request;
    if (!request.conn_id) return bad_attribute("attribute 'ConnID' is missing");
    const std::int64_t type = request.call_info_type.value_or(parties);
    if (type != parties && type != status)
        return bad_attribute("CallInfoType " + std::to_string(type) + " is unknown: 0 parties, 1 status");
    const interactions::Interaction* ix = core.interactions.find(request.conn_id);
    if (ix == nullptr || ix->tenant != asked.sender.tenant)
        return Error{ErrorCode::unknown_conn_id,
                     "no live session has ConnID " + to_conn_id_text(request.conn_id)};
    messages::TMessage event = call_event(*ix, MessageId::event_party_info, request.this_dn);
    event.reference_id = request.reference_id;
    event.call_info_type = type;
    KvList list;
    if (type == parties) list = parties_of(*ix);
    list.add("Status", std::string(interactions::to_text(ix->phase)));
    event.extensions = std::make_shared<const KvList>(std::move(list));
    core.emit(std::move(event), {asked.client});
    return std::nullopt;
}

}  // namespace trunkline::flows
