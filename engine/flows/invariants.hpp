// What must hold after every command. Tests ask after each; the server asks now and then and says what it
// finds.
#pragma once

#include "engine/flows/core.hpp"

namespace trunkline::flows {

/// In words; empty while all hold.
[[nodiscard]] std::vector<std::string> broken_invariants(const Core&);
/// What is still alive; empty when everything has ended.
[[nodiscard]] std::vector<std::string> residue(const Core&);

}  // namespace trunkline::flows
