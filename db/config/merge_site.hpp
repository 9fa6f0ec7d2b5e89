// What is configured once a site file is imported: what the file says takes the place of what is there, what
// it leaves out stays. With `prune`, what it leaves out goes: whole objects inside the tenants and switches
// that it names (and applications, where it has that section), and what those objects no longer say. A pure
// function.
#pragma once

#include "db/config/site_file.hpp"

namespace trunkline::config {

enum class Prune { no, yes };

[[nodiscard]] model::Site merged(model::Site current, const SiteFile& file, Prune prune);

}  // namespace trunkline::config
