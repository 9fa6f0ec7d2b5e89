// Reads the folders that scripts.paths and scripts.strategies name into one set of script texts with its
// hash. The first folder that has a path wins, so that a site overlays its own file over a stock one. Any
// thread; touches only the disk. A folder or file that cannot be read throws std::runtime_error that names
// it.
#pragma once

#include "apps/settings/settings.hpp"
#include "engine/scripting/host.hpp"
#include "engine/scripting/script_sources.hpp"

namespace trunkline::apps {

[[nodiscard]] scripting::ScriptSources read_scripts(const Settings&);

/// The scripts at or below a path, `spec` folders left out.
[[nodiscard]] std::vector<fs::path> scripts_below(const fs::path&);
/// Sees to it that the file is among the sources: one that no setting names is taken as what the name of its
/// folder says, else as a strategy. Returns the name under which errors speak of it.
std::string add_script(scripting::ScriptSources&, const fs::path& file, const Settings&);

/// The folders in which a change of a file changes what read_scripts() gives.
[[nodiscard]] std::vector<fs::path> script_folders(const Settings&);

/// BLAKE2b-256 of the text, 64 hexadecimal digits.
[[nodiscard]] std::string content_hash(std::string_view text);

/// The budgets of the settings in the units of the engine.
[[nodiscard]] scripting::Budgets script_budgets(const Settings&);

}  // namespace trunkline::apps
