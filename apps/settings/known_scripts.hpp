// Which strategies and capacity rules the script folders hold, for the warnings of `import` and `check`.
#pragma once

#include "apps/settings/settings.hpp"
#include "engine/model/check.hpp"

namespace trunkline::apps {

/// Empty sets are absent: folders that cannot be read are no reason to warn of every name.
[[nodiscard]] model::KnownScripts known_scripts(const Settings&);

}  // namespace trunkline::apps
