// The end of the server: first no new interactions, then, told again, none at all.
#pragma once

#include "engine/flows/core.hpp"

namespace trunkline::flows {

/// The first time: customers who begin are refused (503), live interactions go on. Again: every live
/// interaction ends with a word to its customer and all of its rows (outcome failed).
void on_drain(Core&);

}  // namespace trunkline::flows
