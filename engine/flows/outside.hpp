// What scripts wait for outside of the engine: queries and web requests. Each has an owner, an interaction's
// script, and a deadline, the timer of that script's wait; it ends by its answer, by the deadline or with the
// wait, whichever is first. What is said after that, or to an id that was never given, is not heard.
#pragma once

#include "engine/flows/call_events.hpp"

namespace trunkline::flows {

void ask_database(Core&, Interaction&, scripting::Strand, messages::Query);
void ask_web(Core&, Interaction&, scripting::Strand, messages::HttpRequest);
/// The strand no longer waits for it. Without a request nothing happens.
void forget_outside(Core&, Interaction&, scripting::Strand);

void on_query_answered(Core&, messages::QueryAnswered&);
void on_http_answered(Core&, messages::HttpAnswered&);

}  // namespace trunkline::flows
