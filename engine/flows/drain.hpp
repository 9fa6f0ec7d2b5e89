// The end of the server: first no new interactions, then, told again, none at all.
#pragma once

#include "engine/flows/core.hpp"

namespace trunkline::flows {

/// The first time: customers who begin are refused (503), live interactions go on. Again: every live
/// interaction ends with a word to its customer and all of its rows: outcome failed, or what it was where an
/// agent had answered. Nobody is offered anything any more.
void on_drain(Core&);
/// The process ends: the same, and every agent is logged out at this moment, not at the last one that a row
/// tells of.
void on_stop(Core&);

}  // namespace trunkline::flows
