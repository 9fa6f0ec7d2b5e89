#include "engine/flows/client_routing.hpp"

#include <algorithm>
#include <array>

#include "engine/flows/endpoints.hpp"
#include "engine/flows/offering.hpp"
#include "engine/flows/requests.hpp"
#include "engine/flows/reserving.hpp"
#include "engine/flows/ringing.hpp"
#include "engine/flows/sessions.hpp"
#include "engine/flows/strategies.hpp"
#include "engine/flows/texts.hpp"
#include "engine/flows/user_data.hpp"

namespace trunkline::flows {
namespace {

using interactions::PartyRole;
using interactions::Phase;
using interactions::ScriptWait;
using messages::MessageId;

// What a RouteType asks for (facts.md 1.3); those that are not here have no meaning for a text session.
enum class Way { destination, agent, rejection };
struct RouteType {
    std::int64_t number;
    Way way;
};
constexpr std::array route_types{
    RouteType{0, Way::destination},   // Unknown
    RouteType{1, Way::destination},   // Default: without OtherDN the routing point's default-dn
    RouteType{6, Way::destination},   // Direct
    RouteType{7, Way::rejection},     // Reject
    RouteType{10, Way::destination},  // DirectAgent
    RouteType{11, Way::destination},  // Priority
    RouteType{12, Way::destination},  // DirectPriority
    RouteType{13, Way::agent},        // AgentID: OtherDN is the code of an Agent Login
    RouteType{14, Way::rejection},    // CallDisconnect
};

Result<DnId> dn_of_agent(const Core& core, const Interaction& ix, const std::string& code, ClientId asker) {
    const auto* login = core.config->login(ix.sw, code);
    if (login != nullptr)
        for (const DnId dn : core.agents.seats_of(login->person))
            if (core.agents.seat(dn)->login == login->id)
                return ringing_destination(core, ix, core.number_of(dn), asker);
    return Error{ErrorCode::destination_invalid_state,
                 "no agent is logged in with Agent Login '" + code + "'"};
}

using Destination = std::variant<DnId, External>;

Result<Destination> ringing(const Result<DnId>& dn) {
    if (!dn) return dn.error();
    return Destination(*dn);
}

Result<Destination> destination_of(const Core& core, const Interaction& ix, Way way,
                                   const std::string& other_dn, ClientId asker) {
    if (way == Way::agent) return ringing(dn_of_agent(core, ix, other_dn, asker));
    const std::string number = own_number(
        core, ix, other_dn.empty() ? std::string(core.dn_option(ix.routing_point, "default-dn")) : other_dn);
    if (number.empty())
        return Error{ErrorCode::bad_attribute,
                     "attribute 'OtherDN' is missing, and the routing point has no default-dn"};
    if (dn_named(core, ix, number) == nullptr)
        if (auto external = external_destination(core, ix, number)) return Destination(std::move(*external));
    return ringing(ringing_destination(core, ix, number, asker));
}

// The interaction of the request, where a client may say what becomes of it now.
Result<Interaction*> to_be_routed(Core& core, const Asked& asked) {
    const auto session = session_of(core, asked);
    if (!session) return session.error();
    Interaction& ix = *session->interaction;
    if (session->party->role != PartyRole::routing_point)
        return Error{ErrorCode::not_a_party, "DN '" + asked.request.this_dn + "' is not where it is routed"};
    if (!routed_by_clients(ix)) return Error{ErrorCode::invalid_call_state, "a strategy routes this session"};
    if (ix.phase != Phase::routing_point)
        return Error{ErrorCode::invalid_call_state, "the session is routed already and rings"};
    return &ix;
}

// router-timeout; no client may keep a customer for ever.
Duration patience_with_clients(const Core& core, const Interaction& ix) {
    const double patience = core.dn_seconds(ix.routing_point, "router-timeout", 10);
    return from_seconds(patience > 0 ? patience : 10);
}

void turn_away(Core& core, Interaction& ix, const Asked& asked) {
    emit_at_routing_point(core, ix, MessageId::event_route_used, messages::CallState::ok, {}, asked.client,
                          asked.request.reference_id);
    send_failed_text(core, ix);
    end_interaction(core, ix.id, End::disconnected);
}

}  // namespace

Result<DnId> ringing_destination(const Core& core, const Interaction& ix, const std::string& number,
                                 ClientId asker) {
    const model::DnEntry* dn = dn_named(core, ix, number);
    const bool rings = dn != nullptr && !dn->leaving &&
                       (dn->type == model::DnType::extension || dn->type == model::DnType::acd_position);
    if (!rings || dn->tenant != ix.tenant)
        return Error{ErrorCode::invalid_called_number,
                     "'" + number + "' is no DN of this tenant that can ring"};
    if (!may_answer(core, dn->id))
        return Error{
            ErrorCode::destination_invalid_state,
            "nobody hears DN '" + number + "': no client has registered it, and no SIP endpoint answers"};
    if (const agents::Seat* seat = core.agents.seat(dn->id); seat != nullptr && seat->do_not_disturb)
        return Error{ErrorCode::destination_invalid_state, "DN '" + number + "' is not to be disturbed"};
    if (reserved_from(core, dn->id, asker))
        return Error{ErrorCode::agent_reserved,
                     "another client has reserved the agent at DN '" + number + "'"};
    if (core.offers.ringing_at(dn->id) >= routing::most_ringing_at_a_dn)
        return Error{ErrorCode::destination_busy, "enough sessions ring at DN '" + number + "' already"};
    return dn->id;
}

bool routed_by_clients(const Interaction& ix) {
    return ix.wait == ScriptWait::client_route || (ix.strategy.empty() && !ix.default_routed);
}

void start_client_route(Core& core, Interaction& ix, Duration timeout) {
    core.timers.cancel(ix.router_timer);
    ix.wait = ScriptWait::client_route;
    ix.default_routed = false;
    ix.wait_timed_out = false;
    ix.route_requested = core.now;
    const Duration patience = timeout.count() > 0 ? timeout : patience_with_clients(core, ix);
    ix.wait_timer = core.timers.schedule(core.now + patience, WaitOver{ix.id});
    emit_at_routing_point(core, ix, MessageId::event_route_request);
}

void wait_for_clients(Core& core, Interaction& ix) {
    if (ix.wait == ScriptWait::client_route) return;  // its own timeout runs
    core.timers.cancel(ix.router_timer);
    ix.router_timer = core.timers.schedule(core.now + patience_with_clients(core, ix), RouterTimeout{ix.id});
}

Refusal route_call(Core& core, const Asked& asked) {
    const auto found = to_be_routed(core, asked);
    if (!found) return found.error();
    Interaction& ix = **found;
    const std::int64_t number = asked.request.route_type.value_or(0);
    const auto type = std::find_if(route_types.begin(), route_types.end(),
                                   [&](const RouteType& t) { return t.number == number; });
    if (type == route_types.end())
        return Error{ErrorCode::bad_attribute,
                     "RouteType " + std::to_string(number) +
                         " has no meaning for a text session: 0, 1, 6, 7 and 10 to 14 have"};
    if (type->way == Way::rejection) {
        turn_away(core, ix, asked);
        return std::nullopt;
    }
    const auto to = destination_of(core, ix, type->way, asked.request.other_dn, asked.client);
    if (!to) return to.error();
    Result<Merged> merged = Merged::nothing_new;
    if (asked.request.user_data) merged = merge_user_data(core, ix, *asked.request.user_data, Merge::update);
    if (!merged) return merged.error();
    if (ix.client_treatment) end_client_treatment(core, ix, {});
    core.timers.cancel(ix.router_timer);
    if (*merged == Merged::changed) emit_data_changed(core, ix);
    ix.route_requested = core.now;
    ix.route_destination = asked.request.other_dn;
    ix.client_rings = true;
    ix.route_asked = {asked.client, asked.request.reference_id};
    if (const DnId* dn = std::get_if<DnId>(&*to))
        ring_dn(core, ix, *dn);
    else
        ring_external(core, ix, std::get<External>(*to));
    return std::nullopt;
}

void client_route_failed(Core& core, Interaction& ix) {
    ix.client_rings = false;
    ix.phase = Phase::routing_point;
    refuse_route_asked(core, ix, ErrorCode::no_answer, "the target did not answer or declined: route again");
    if (ix.wait == ScriptWait::client_route && ix.wait_timed_out)
        answer_script(core, ix, scripting::TimedOut{});
    else
        wait_for_clients(core, ix);
}

void on_client_route_timeout(Core& core, Interaction& ix) {
    if (ix.client_treatment) end_client_treatment(core, ix, {});
    // The target that a client chose rings: it may still answer.
    if (ix.offer)
        ix.wait_timed_out = true;
    else
        answer_script(core, ix, scripting::TimedOut{});
}

void refuse_route_asked(Core& core, Interaction& ix, ErrorCode code, const char* why) {
    const interactions::RouteAsked asked = std::exchange(ix.route_asked, {});
    if (!asked.client || core.devices.client(asked.client) == nullptr) return;
    messages::TMessage event;
    event.message = MessageId::event_error;
    event.reference_id = asked.reference;
    event.error_code = static_cast<int>(code);
    event.error_message = why;
    event.this_dn = ix.dnis;
    event.conn_id = ix.conn_id;
    core.emit(std::move(event), {asked.client});
}

}  // namespace trunkline::flows
