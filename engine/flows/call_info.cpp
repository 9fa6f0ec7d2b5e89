#include "engine/flows/call_info.hpp"

namespace trunkline::flows {
namespace {

using interactions::PartyRole;
using interactions::PartyState;

bool takes_part(const Party& party) {
    return party.role != PartyRole::routing_point &&
           (party.state == PartyState::connected || party.state == PartyState::held);
}

}  // namespace

void tell_parties(Core& core, const Interaction& ix) {
    const model::SwitchEntry* sw = core.config->switch_of(ix.sw);
    if (sw == nullptr || !model::option_flag(sw->object->options, "TServer", "sip-enable-call-info", true))
        return;
    KvList list;
    std::int64_t number = 0;
    for (const Party& party : ix.parties) {
        if (!takes_part(party)) continue;
        const std::string name = "LCTParty" + std::to_string(++number);
        list.add(name, party.number);
        list.add(name + "_location", core.switch_name_of(party.dn, ix.sw));
    }
    list.add("LCTPartiesLength", number);
    const auto extensions = std::make_shared<const KvList>(std::move(list));
    for (const Party& party : ix.parties) {
        if (!takes_part(party) || party.role != PartyRole::agent) continue;
        messages::TMessage event = call_event(ix, messages::MessageId::event_user_event, party.number);
        event.user_data = nullptr;
        event.extensions = extensions;
        core.emit_to(party.dn, std::move(event));
    }
}

}  // namespace trunkline::flows
