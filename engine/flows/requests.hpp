// T-Library requests: one table from message to handler, and the rules that all of them share (registered DN,
// known ConnID, a party of it, the right state; facts.md 1.6 for the codes).
#pragma once

#include "engine/flows/core.hpp"

namespace trunkline::flows {

void on_client_request(Core&, const messages::ClientRequest&);
void on_client_opened(Core&, const messages::ClientOpened&);
void on_client_closed(Core&, const messages::ClientClosed&);

/// The request at hand, with what is known of its sender.
struct Asked {
    ClientId client;
    const agents::Client& sender;
    const messages::TMessage& request;
    messages::PasswordCheck password;
    const model::DnEntry* dn = nullptr;  // of ThisDN, where the request has one
};

/// The DN of ThisDN. Errors: 53 without it, 59 unknown, 41 not registered by this client.
[[nodiscard]] Result<const model::DnEntry*> registered_dn(const Core&, const Asked&);
[[nodiscard]] Error not_registered(const Asked&);

/// The session that the request names, with the party of its ThisDN.
struct AskedSession {
    interactions::Interaction* interaction = nullptr;
    interactions::Party* party = nullptr;
};
/// Errors: 53 without ConnID, 56 where no live session of the client's tenant has it, 470 where ThisDN is no
/// party.
[[nodiscard]] Result<AskedSession> session_of(Core&, const Asked&);

/// Nothing, or why not: becomes EventError.
using Refusal = std::optional<Error>;
/// Error 53.
[[nodiscard]] inline Error bad_attribute(std::string what) {
    return Error{ErrorCode::bad_attribute, std::move(what)};
}
using Handler = Refusal (*)(Core&, const Asked&);

// Handlers, by subject: agent_requests.cpp, reserving.cpp, query_requests.cpp, session_requests.cpp,
// client_routing.cpp, user_events.cpp.
Refusal register_address(Core&, const Asked&);
Refusal unregister_address(Core&, const Asked&);
Refusal agent_login(Core&, const Asked&);
Refusal agent_logout(Core&, const Asked&);
Refusal agent_ready(Core&, const Asked&);
Refusal agent_not_ready(Core&, const Asked&);
Refusal query_address(Core&, const Asked&);
Refusal query_call(Core&, const Asked&);
Refusal set_dnd_on(Core&, const Asked&);
Refusal set_dnd_off(Core&, const Asked&);
Refusal reserve_agent(Core&, const Asked&);
Refusal answer_call(Core&, const Asked&);
Refusal release_call(Core&, const Asked&);
Refusal redirect_call(Core&, const Asked&);
Refusal private_service(Core&, const Asked&);
Refusal attach_user_data(Core&, const Asked&);
Refusal update_user_data(Core&, const Asked&);
Refusal delete_pair(Core&, const Asked&);
Refusal delete_user_data_request(Core&, const Asked&);
Refusal route_call(Core&, const Asked&);
Refusal apply_treatment(Core&, const Asked&);
Refusal distribute_user_event(Core&, const Asked&);

}  // namespace trunkline::flows
