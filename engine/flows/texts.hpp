// Texts: of the customer, of the agent, and those that a strategy sends. Each is one row of `message` and,
// where somebody can read it, one pair of events.
#pragma once

#include "engine/flows/call_events.hpp"

namespace trunkline::flows {

void on_text_received(Core&, const messages::TextReceived&);
void on_text_answered(Core&, const messages::TextAnswered&);

/// The row of a text; its end is the sender's to write.
TextId record_text(Core&, const Interaction&, const std::string& from, const char* direction,
                   const std::string& text, const char* status, const std::string& transaction = {},
                   DnId from_dn = {});

inline constexpr std::string_view nobody_can_take_it =
    "We are sorry: nobody can take your message at the moment. Please write again later.";

/// An automated text to the customer in the routing point's name.
void send_system_text(Core&, Interaction&, const std::string& text);
/// Tells the customer that nobody takes his session: `im-failed-text` of the routing point, else `otherwise`.
/// Nothing where his INVITE has no answer yet: that says it.
void send_failed_text(Core&, Interaction&, std::string_view otherwise = nobody_can_take_it);
/// A text of an agent or an external party: an agent's is prefixed towards the customer
/// (contracts/t-library.md, "The prefix").
void send_agent_text(Core&, Interaction&, const Party&, const std::string& text, ClientId asked,
                     messages::Integer reference, const std::string& transaction = {});
/// To the customer of a session that is no more: nobody else hears it.
void send_parting_text(Core&, Interaction& gone, const std::string& text);
/// What the customer wrote and nobody read goes to the agent who is now established, in order.
void deliver_held_texts(Core&, Interaction&);
/// The oldest held text, for the first collect; none where there is none.
[[nodiscard]] std::optional<std::string> take_held_text(Core&, Interaction&);

}  // namespace trunkline::flows
