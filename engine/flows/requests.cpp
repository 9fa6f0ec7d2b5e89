#include "engine/flows/requests.hpp"

#include <array>

#include "engine/flows/agent_work.hpp"
#include "engine/flows/reach.hpp"
#include "engine/flows/reserving.hpp"

namespace trunkline::flows {
namespace {

using messages::MessageId;

constexpr auto last_work_mode = static_cast<std::int64_t>(messages::WorkMode::return_back);

// What is checked before the handler runs.
enum class Needs { nothing, registered_dn };

struct Row {
    MessageId request;
    Needs needs;
    Handler handle;
};

constexpr std::array rows{
    Row{MessageId::request_register_address, Needs::nothing, register_address},
    Row{MessageId::request_unregister_address, Needs::nothing, unregister_address},
    Row{MessageId::request_query_address, Needs::registered_dn, query_address},
    Row{MessageId::request_query_call, Needs::nothing, query_call},
    Row{MessageId::request_agent_login, Needs::registered_dn, agent_login},
    Row{MessageId::request_agent_logout, Needs::registered_dn, agent_logout},
    Row{MessageId::request_agent_ready, Needs::registered_dn, agent_ready},
    Row{MessageId::request_agent_not_ready, Needs::registered_dn, agent_not_ready},
    Row{MessageId::request_set_dnd_on, Needs::registered_dn, set_dnd_on},
    Row{MessageId::request_set_dnd_off, Needs::registered_dn, set_dnd_off},
    Row{MessageId::request_reserve_agent, Needs::registered_dn, reserve_agent},
    Row{MessageId::request_answer_call, Needs::registered_dn, answer_call},
    Row{MessageId::request_release_call, Needs::registered_dn, release_call},
    Row{MessageId::request_redirect_call, Needs::registered_dn, redirect_call},
    Row{MessageId::request_private_service, Needs::registered_dn, private_service},
    Row{MessageId::request_attach_user_data, Needs::registered_dn, attach_user_data},
    Row{MessageId::request_update_user_data, Needs::registered_dn, update_user_data},
    Row{MessageId::request_delete_pair, Needs::registered_dn, delete_pair},
    Row{MessageId::request_delete_user_data, Needs::registered_dn, delete_user_data_request},
    Row{MessageId::request_route_call, Needs::registered_dn, route_call},
    Row{MessageId::request_apply_treatment, Needs::registered_dn, apply_treatment},
    Row{MessageId::request_distribute_user_event, Needs::registered_dn, distribute_user_event},
};

void emit_error(Core& core, const Asked& asked, const Error& error) {
    messages::TMessage event;
    event.message = MessageId::event_error;
    event.reference_id = asked.request.reference_id;
    event.error_code = static_cast<int>(error.code);
    event.error_message = error.message;
    event.this_dn = asked.request.this_dn;
    event.conn_id = asked.request.conn_id;
    core.emit(std::move(event), {asked.client});
}

Refusal carry_out(Core& core, Asked& asked) {
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const Row& r) { return r.request == asked.request.message; });
    if (row == rows.end())
        return Error{ErrorCode::unsupported, std::string(messages::name_of(asked.request.message)) +
                                                 " is not supported by this server"};
    if (row->needs == Needs::registered_dn) {
        const auto registered = registered_dn(core, asked);
        if (!registered) return registered.error();
        asked.dn = *registered;
    }
    if (const auto mode = asked.request.agent_work_mode; mode && (*mode < 0 || *mode > last_work_mode))
        return Error{ErrorCode::bad_attribute, "attribute 'AgentWorkMode' is none of 0 to 7"};
    return row->handle(core, asked);
}

}  // namespace

// Events name a DN by its number alone: where it stands in several switches, the one that takes part in the
// session of the request is meant.
const model::DnEntry* party_of_request(const Core& core, const Asked& asked) {
    const interactions::Interaction* ix =
        asked.request.conn_id ? core.interactions.find(asked.request.conn_id) : nullptr;
    if (ix == nullptr) return nullptr;
    for (const interactions::Party& party : ix->parties) {
        const model::DnEntry* dn = core.config->dn(party.dn);
        if (dn != nullptr && dn->object->number == asked.request.this_dn &&
            core.devices.registered(asked.client, dn->id))
            return dn;
    }
    return nullptr;
}

Error not_registered(const Asked& asked) {
    return Error{ErrorCode::not_registered, "this client has not registered DN '" + asked.request.this_dn +
                                                "': RequestRegisterAddress first"};
}

Result<const model::DnEntry*> registered_dn(const Core& core, const Asked& asked) {
    const std::string& number = asked.request.this_dn;
    if (number.empty()) return Error{ErrorCode::bad_attribute, "attribute 'ThisDN' is missing"};
    if (const model::DnEntry* meant = party_of_request(core, asked)) return meant;
    const model::DnEntry* dn = core.config->dn(asked.sender.sw, number);
    if (dn == nullptr)
        return Error{ErrorCode::dn_not_configured,
                     "DN '" + number + "' is not in the configuration of this switch"};
    if (!core.devices.registered(asked.client, dn->id)) return not_registered(asked);
    return dn;
}

Result<AskedSession> session_of(Core& core, const Asked& asked) {
    if (!asked.request.conn_id) return Error{ErrorCode::bad_attribute, "attribute 'ConnID' is missing"};
    interactions::Interaction* ix = core.interactions.find(asked.request.conn_id);
    if (ix == nullptr || ix->tenant != asked.sender.tenant)
        return Error{ErrorCode::unknown_conn_id,
                     "no live session has ConnID " + to_conn_id_text(asked.request.conn_id)};
    interactions::Party* party = ix->party_at(asked.dn->id);
    if (party == nullptr)
        return Error{ErrorCode::not_a_party,
                     "DN '" + asked.request.this_dn + "' is no party of this session"};
    return AskedSession{ix, party};
}

void on_client_request(Core& core, const messages::ClientRequest& command) {
    const agents::Client* sender = core.devices.client(command.client);
    if (sender == nullptr) return;  // closed while its request was on the way
    Asked asked{command.client, *sender, command.request, command.password, nullptr};
    if (!core.config) {
        emit_error(core, asked, Error{ErrorCode::internal, "the server has no configuration yet: try again"});
        return;
    }
    if (const Refusal refusal = carry_out(core, asked)) emit_error(core, asked, *refusal);
}

void on_client_opened(Core& core, const messages::ClientOpened& opened) {
    core.devices.open(opened.client, {opened.tenant, opened.sw, opened.application, {}, false});
}

void on_client_closed(Core& core, const messages::ClientClosed& closed) {
    const auto dns = core.devices.close(closed.client);
    if (!core.config) return;
    // First what each agent can do now, then who gets whom: of several the longest idle is offered first.
    for (const DnId dn : dns) {
        give_back_reservation(core, closed.client, dn);
        watch_reach(core, dn);
        if (const agents::Seat* seat = core.agents.seat(dn)) refresh_abilities(core, seat->agent);
    }
    for (const DnId dn : dns) refresh_dn(core, dn);
}

}  // namespace trunkline::flows
