// RequestDistributeUserEvent: a client tells the clients of another DN something, about a session where it
// names one; a script that waits in suspend_for_event hears it as well.
#include "engine/flows/requests.hpp"

namespace trunkline::flows {

using messages::MessageId;

Refusal distribute_user_event(Core& core, const Asked& asked) {
    const messages::TMessage& request = asked.request;
    const std::string& to = request.other_dn.empty() ? request.this_dn : request.other_dn;
    const model::DnEntry* dn = core.config->dn(asked.sender.sw, to);
    if (dn == nullptr || dn->tenant != asked.sender.tenant)
        return Error{ErrorCode::dn_not_configured,
                     "DN '" + to + "' is not in the configuration of this switch"};
    messages::TMessage event;
    event.message = MessageId::event_user_event;
    event.this_dn = dn->object->number;
    if (dn != asked.dn) event.other_dn = asked.dn->object->number;
    event.user_event = request.user_event;
    event.user_data = request.user_data;
    event.extensions = request.extensions;
    event.reasons = request.reasons;
    event.agent_id = request.agent_id;
    if (request.conn_id) {
        const interactions::Interaction* ix = core.interactions.find(request.conn_id);
        if (ix == nullptr || ix->tenant != asked.sender.tenant)
            return Error{ErrorCode::unknown_conn_id,
                         "no live session has ConnID " + to_conn_id_text(request.conn_id)};
        event.conn_id = ix->conn_id;
        event.call_uuid = ix->id;
    }
    messages::TMessage done;
    done.message = MessageId::event_a_c_k;
    done.this_dn = request.this_dn;
    done.conn_id = request.conn_id;
    done.reference_id = request.reference_id;
    core.emit(std::move(done), {asked.client});
    core.emit_to(dn->id, std::move(event));
    return std::nullopt;
}

}  // namespace trunkline::flows
