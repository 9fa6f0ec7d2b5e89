// How an interaction begins and ends: its rows, its events at the routing point, its leg.
#pragma once

#include "engine/flows/call_events.hpp"

namespace trunkline::flows {

/// A customer who arrives, in pager mode with the first text or in session mode with an INVITE.
struct Arrival {
    messages::LegAddress leg;
    std::string dnis, host, customer, ani;
    SipTxnId invite;  // session mode
};

/// The next text on a closed leg names its parent for this long.
constexpr seconds closed_remembered{3600};

/// SIP status where the number is not one that takes customers (404), else the new interaction; its strategy
/// is not started yet.
[[nodiscard]] std::variant<Interaction*, int> begin_interaction(Core&, const Arrival&);

enum class End { customer_left, agent_released, disconnected, failed };

/// Ends the interaction whatever it is doing: offer, parties, rows, leg, script. It is gone afterwards.
/// `asked` and `reference` go into the EventReleased at `asked_at`.
void end_interaction(Core&, CallUuid, End, ClientId asked = {}, messages::Integer reference = {},
                     DnId asked_at = {});

/// Keeps what the running script of an interaction that ends sees of it; the first end counts.
void keep_for_script(Core&, const Interaction&);

/// Answers the INVITE of a session-mode leg with 200 where that is still due.
void accept_leg(Core&, Interaction&);

Party& add_party(Core&, Interaction&, interactions::PartyRole, interactions::PartyEvent, DnId,
                 const std::string& number, PersonId);
/// Moves the party and writes its state row.
void move_party(Core&, Interaction&, Party&, interactions::PartyEvent);
/// Releases the party, writes its rows and erases it.
void remove_party(Core&, Interaction&, PartyId, const char* cause);

void on_session_idle(Core&, CallUuid);
void on_leg_ended(Core&, const messages::LegEnded&);
void on_session_offered(Core&, const messages::SessionOffered&);

}  // namespace trunkline::flows
