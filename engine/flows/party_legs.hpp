// SIP legs of ours towards parties: an external number is asked over one, and its texts go over it in both
// directions. A leg is the party's from its ringing to its end; the way to end it is remove_party.
#pragma once

#include "engine/flows/call_events.hpp"

namespace trunkline::flows {

/// Where on SIP a party is.
struct SipPlace {
    std::string target;       // its URI
    std::string route;        // where requests for it go: its own, or that of a Trunk
    bool any_domain = false;  // a Trunk writes the host in From as it likes
    std::string also;         // an agent's endpoint has a Contact of its own making, and writes as its DN
};

/// Asks the ringing party over a leg: in session mode by a call, in pager mode with the first text that
/// waits, else with a line that says who writes.
void open_leg(Core&, Interaction&, Party&, const SipPlace&, messages::LegKind);
/// The party answered: the leg's texts are texts like others from now on.
void leg_answered(Core&, Party&);
/// The party goes: so does its leg.
void close_leg(Core&, Party&);

/// A text of the customer to the party, over its leg. `message` and `at` name the row that the end goes to.
void send_over_leg(Core&, const Party&, TextId message, TimePoint at, const std::string& text);
/// Whether the text that asked the party is this message of the customer, so that it is not sent again.
[[nodiscard]] bool opened_with(const Core&, const Party&, TextId message);
/// The text that asked the party has ended: its 2xx is the answer.
void on_opening_ended(Core&, const std::string& leg_key, int status);

void on_leg_text(Core&, const messages::LegText&);
void on_leg_answered(Core&, const messages::LegAnswered&);
void on_leg_failed(Core&, const messages::LegFailed&);
/// The party has hung up, where this is a leg of ours.
void on_party_left(Core&, const std::string& leg_key);

}  // namespace trunkline::flows
