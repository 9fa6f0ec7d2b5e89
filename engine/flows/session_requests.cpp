// Requests of a client about a session: answer, release, redirect, texts, attached data.
#include "engine/flows/client_routing.hpp"
#include "engine/flows/offering.hpp"
#include "engine/flows/requests.hpp"
#include "engine/flows/sessions.hpp"
#include "engine/flows/texts.hpp"
#include "engine/flows/user_data.hpp"

namespace trunkline::flows {
namespace {

using interactions::PartyState;

Error wrong_state(const char* what) { return Error{ErrorCode::invalid_call_state, what}; }

Refusal merge_request(Core& core, const Asked& asked, Merge how) {
    const auto session = session_of(core, asked);
    if (!session) return session.error();
    if (!asked.request.user_data) return Error{ErrorCode::bad_attribute, "attribute 'UserData' is missing"};
    const Result<Merged> merged = merge_user_data(core, *session->interaction, *asked.request.user_data, how);
    if (!merged) return merged.error();
    emit_data_changed(core, *session->interaction, asked.client, asked.request.reference_id, asked.dn->id);
    return std::nullopt;
}

}  // namespace

Refusal answer_call(Core& core, const Asked& asked) {
    const auto session = session_of(core, asked);
    if (!session) return session.error();
    if (session->party->state != PartyState::alerting)
        return wrong_state("only a ringing session can be answered");
    if (session->party->leg)
        return Error{ErrorCode::unsupported,
                     "DN '" + asked.request.this_dn + "' answers at its SIP endpoint (sip-signaling-chat)"};
    answer_offer(core, *session->interaction, asked.client, asked.request.reference_id);
    return std::nullopt;
}

Refusal release_call(Core& core, const Asked& asked) {
    const auto session = session_of(core, asked);
    if (!session) return session.error();
    switch (session->party->state) {
        case PartyState::alerting:
            refuse_offer(core, *session->interaction, routing::OfferEnd::declined, asked.client,
                         asked.request.reference_id);
            return std::nullopt;
        case PartyState::connected:
        case PartyState::held:
            end_interaction(core, session->interaction->id, End::agent_released, asked.client,
                            asked.request.reference_id, asked.dn->id);
            return std::nullopt;
        default:
            return wrong_state("this party has no session to release");
    }
}

Refusal redirect_call(Core& core, const Asked& asked) {
    const auto session = session_of(core, asked);
    if (!session) return session.error();
    Interaction& ix = *session->interaction;
    const std::string& to = asked.request.other_dn;
    if (session->party->state != PartyState::alerting)
        return wrong_state("only a ringing session can be redirected");
    if (to.empty()) return Error{ErrorCode::bad_attribute, "attribute 'OtherDN' is missing: where to"};
    if (to == ix.dnis) {  // back to where it came from
        refuse_offer(core, ix, routing::OfferEnd::redirected, asked.client, asked.request.reference_id);
        return std::nullopt;
    }
    const auto dn = ringing_destination(core, ix, to, asked.client);
    if (!dn) return dn.error();
    if (*dn == asked.dn->id)
        return Error{ErrorCode::invalid_called_number, "the session rings at DN '" + to + "' already"};
    redirect_offer(core, ix, *dn, asked.client, asked.request.reference_id);
    return std::nullopt;
}

Refusal private_service(Core& core, const Asked& asked) {
    const auto session = session_of(core, asked);
    if (!session) return session.error();
    if (asked.request.private_msg_id != messages::private_msg_im)
        return Error{ErrorCode::bad_attribute, "attribute 'PrivateMsgID' must be 3001, a text"};
    const KvValue* text = asked.request.extensions ? asked.request.extensions->find("im") : nullptr;
    if (text == nullptr || !std::holds_alternative<std::string>(text->is))
        return Error{ErrorCode::bad_attribute, "attribute 'Extensions' must hold the key 'im' with the text"};
    if (std::get<std::string>(text->is).size() > messages::longest_text)
        return Error{ErrorCode::bad_attribute,
                     "the text is longer than " + std::to_string(messages::longest_text) +
                         " bytes, which is what a SIP message carries: send it in parts"};
    if (session->party->state != PartyState::connected)
        return wrong_state("texts need an established session");
    send_agent_text(core, *session->interaction, *session->party, std::get<std::string>(text->is),
                    asked.client, asked.request.reference_id);
    return std::nullopt;
}

Refusal attach_user_data(Core& core, const Asked& asked) { return merge_request(core, asked, Merge::add); }
Refusal update_user_data(Core& core, const Asked& asked) { return merge_request(core, asked, Merge::update); }

Refusal delete_pair(Core& core, const Asked& asked) {
    const auto session = session_of(core, asked);
    if (!session) return session.error();
    if (asked.request.data_key.empty())
        return Error{ErrorCode::bad_attribute, "attribute 'DataKey' is missing"};
    delete_user_data(core, *session->interaction, asked.request.data_key);
    emit_data_changed(core, *session->interaction, asked.client, asked.request.reference_id, asked.dn->id);
    return std::nullopt;
}

Refusal delete_user_data_request(Core& core, const Asked& asked) {
    const auto session = session_of(core, asked);
    if (!session) return session.error();
    clear_user_data(core, *session->interaction);
    emit_data_changed(core, *session->interaction, asked.client, asked.request.reference_id, asked.dn->id);
    return std::nullopt;
}

}  // namespace trunkline::flows
