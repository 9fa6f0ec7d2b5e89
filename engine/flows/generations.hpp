// Script generations as the engine sees them: a built one is put in force and written down, a refused one
// changes nothing.
#pragma once

#include "engine/flows/core.hpp"

namespace trunkline::flows {

void on_scripts_loaded(Core&, messages::ScriptsLoaded&, const scripting::Budgets&);
void on_scripts_refused(Core&, const messages::ScriptsRefused&);
/// Which routing points name a strategy that is not there is why the server is degraded, for as long as they
/// do: asked when scripts or the configuration change (contracts/configuration.md).
void look_for_missing_strategies(Core&);

}  // namespace trunkline::flows
