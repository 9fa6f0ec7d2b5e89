#include "engine/flows/call_events.hpp"

namespace trunkline::flows {
namespace {

using interactions::PartyRole;
using interactions::PartyState;
using messages::MessageId;

SharedKv im_extension(const std::string& text) {
    KvList list;
    list.add("im", text);
    return std::make_shared<const KvList>(std::move(list));
}

messages::TMessage text_event(const Interaction& ix, MessageId id, const std::string& this_dn,
                              const std::string& sender, const SharedKv& extensions) {
    messages::TMessage event = call_event(ix, id, this_dn);
    event.other_dn = sender;
    event.extensions = extensions;
    if (id == MessageId::event_private_info)
        event.private_msg_id = messages::private_msg_im;
    else
        event.user_event = messages::user_event_im;
    return event;
}

void emit_private_info(Core& core, const Interaction& ix, const Party& party, const std::string& sender,
                       const SharedKv& extensions, ClientId asked, messages::Integer reference) {
    messages::Clients clients = party.dn ? core.devices.clients_of(party.dn) : messages::Clients{};
    const messages::Clients monitors = core.devices.text_monitors(ix.tenant);
    if (clients.empty() && monitors.empty() && !core.awaited.contains(ix.id)) return;
    messages::TMessage event =
        text_event(ix, MessageId::event_private_info, party.number, sender, extensions);
    if (party.role == PartyRole::agent) event.this_queue = ix.dnis;
    if (!monitors.empty()) core.emit(event, monitors);
    if (party.dn)
        core.emit_to(party.dn, std::move(event), asked, reference);
    else
        core.emit(std::move(event), {});  // a customer's own: for a script that waits for it
}

}  // namespace

messages::TMessage call_event(const Interaction& ix, MessageId id, const std::string& this_dn,
                              messages::CallState state) {
    messages::TMessage event;
    event.message = id;
    event.this_dn = this_dn;
    event.other_dn = ix.ani;
    event.dnis = ix.dnis;
    event.ani = ix.ani;
    event.conn_id = ix.conn_id;
    event.call_uuid = ix.id;
    event.call_id = ix.call_id;
    event.call_type = static_cast<int>(ix.call_type);
    event.call_state = static_cast<int>(state);
    event.media_type = ix.media == agents::Media::chat ? messages::media_chat : messages::media_voice;
    event.user_data = ix.user_data;
    return event;
}

messages::TMessage routing_point_event(const Interaction& ix, MessageId id, messages::CallState state) {
    messages::TMessage event = call_event(ix, id, ix.dnis, state);
    event.this_queue = ix.dnis;
    event.this_dn_role = static_cast<int>(messages::DnRole::destination);
    event.other_dn_role = static_cast<int>(messages::DnRole::origination);
    return event;
}

void emit_at_routing_point(Core& core, const Interaction& ix, messages::TMessage event, ClientId asked,
                           messages::Integer reference) {
    core.emit_to(ix.routing_point, std::move(event), asked, reference);
}

void emit_at_routing_point(Core& core, const Interaction& ix, MessageId id, messages::CallState state,
                           const std::string& third_party_dn, ClientId asked, messages::Integer reference) {
    if (!core.devices.reachable(ix.routing_point) && !core.awaited.contains(ix.id)) return;
    messages::TMessage event = routing_point_event(ix, id, state);
    event.third_party_dn = third_party_dn;
    emit_at_routing_point(core, ix, std::move(event), asked, reference);
}

void emit_at_party(Core& core, const Interaction& ix, const Party& party, MessageId id,
                   messages::CallState state, ClientId asked, messages::Integer reference) {
    messages::TMessage event = call_event(ix, id, party.number, state);
    event.this_queue = ix.dnis;
    event.this_dn_role = static_cast<int>(messages::DnRole::destination);
    event.other_dn_role = static_cast<int>(messages::DnRole::origination);
    if (const agents::Seat* seat = core.agents.seat(party.dn))
        if (const auto* login = core.config->login(seat->login)) event.agent_id = login->object->code;
    core.emit_to(party.dn, std::move(event), asked, reference);
}

void emit_text(Core& core, const Interaction& ix, const std::string& sender, const std::string& text,
               ClientId asked, messages::Integer reference) {
    const SharedKv extensions = im_extension(text);
    const messages::Clients monitors = core.devices.text_monitors(ix.tenant);
    if (!monitors.empty())
        core.emit(text_event(ix, MessageId::event_user_event, messages::im_monitor_dn, sender, extensions),
                  monitors);
    for (const Party& party : ix.parties) {
        const bool reads =
            party.state == PartyState::connected || (party.role == PartyRole::routing_point && !ix.diverted);
        if (!reads) continue;
        const bool own = party.number == sender;
        emit_private_info(core, ix, party, sender, extensions, own ? asked : ClientId{},
                          own ? reference : messages::Integer{});
    }
}

void emit_text_to(Core& core, const Interaction& ix, const Party& party, const std::string& sender,
                  const std::string& text, ClientId asked, messages::Integer reference) {
    emit_private_info(core, ix, party, sender, im_extension(text), asked, reference);
}

void emit_data_changed(Core& core, const Interaction& ix, ClientId asked, messages::Integer reference,
                       DnId asked_at) {
    if (!ix.diverted) {
        const bool own = asked_at == ix.routing_point;
        emit_at_routing_point(core, ix, MessageId::event_attached_data_changed, messages::CallState::ok, {},
                              own ? asked : ClientId{}, own ? reference : messages::Integer{});
    }
    for (const Party& party : ix.parties) {
        if (!party.dn || party.role == PartyRole::routing_point) continue;
        const bool own = asked_at == party.dn;
        emit_at_party(core, ix, party, MessageId::event_attached_data_changed, messages::CallState::ok,
                      own ? asked : ClientId{}, own ? reference : messages::Integer{});
    }
}

}  // namespace trunkline::flows
