// Sets up the log of the process (stderr; text for people or one JSON object a line) from the settings. Once,
// at start.
#pragma once

#include "apps/settings/settings.hpp"

namespace trunkline::apps {

void set_up_log(const Settings::Log&);

}  // namespace trunkline::apps
