// How an offer begins and how it ends without an answer: the slot that it reserves, the party that rings, its
// deadline, and what the routing point is told. Who is asked, and what follows, is offering.hpp's.
#pragma once

#include "engine/flows/external.hpp"

namespace trunkline::flows {

/// Whom to ring.
struct Ring {
    PersonId agent;  // none where nobody is logged in there
    DnId dn;
    std::string target;                              // canonical text of what was asked for
    const routing::RouteRequest* request = nullptr;  // null: without selection
    const routing::Offer* redirected = nullptr;  // sent on by its agent: what stands behind that one stays
};

/// Reserves the slot, rings the DN and starts the deadline: from here the offer ends in exactly one way.
void make_offer(Core&, Interaction&, const Ring&);
/// Rings a DN without selection: whoever sits there, whatever his state and capacity.
void ring_dn(Core&, Interaction&, DnId);
/// Asks an external number or SIP URI; such an offer holds nobody's slot.
void ring_external(Core&, Interaction&, const External&);

/// The offer is over without an answer: slot, timer, party and leg are given back, the party sees `event`.
routing::Offer close_offer(Core&, Interaction&, messages::CallState, const char* cause, ClientId asked,
                           messages::Integer reference, messages::MessageId event);
/// What the option no-answer-action asks for.
void apply_no_answer_action(Core&, DnId);
/// EventRouteUsed and EventDiverted at the routing point and its virtual queues, where they are still due.
void divert(Core&, Interaction&, const std::string& to, bool by_target);

}  // namespace trunkline::flows
