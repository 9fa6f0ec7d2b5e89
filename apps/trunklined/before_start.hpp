// What the doors, the web client and the recorder would refuse of the settings, told before the database is
// asked for anything. Start; makes the folders of replay.dir and reporting.spool.
#pragma once

#include "apps/settings/settings.hpp"

namespace trunkline::apps {

/// Throws SettingsError: file:line: key (or the variable's name), what is wrong and what is right.
void check_before_start(const Settings&);

}  // namespace trunkline::apps
