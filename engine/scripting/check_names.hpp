// What is wrong with the names that a script writes as constants: skill expressions and hours that cannot be
// read, treatments and statistics without a file, and, where a configuration is given, objects that none of
// its tenants has (routing points of several tenants may share a strategy). Pure; any thread.
#pragma once

#include <vector>

#include "engine/model/snapshot.hpp"
#include "engine/scripting/port.hpp"
#include "engine/scripting/script_sources.hpp"

namespace trunkline::scripting {

/// What names are looked up in. A strategy that no routing point runs may name what a site does not have: the
/// strategies that come with the project are such; `every_strategy` looks at them as well.
struct NamesOf {
    const model::Snapshot* config = nullptr;  // none: objects of the configuration are not looked up
    bool every_strategy = false;
};

[[nodiscard]] std::vector<ScriptError> check_names(const ScriptFile&, const ScriptSources&, const NamesOf&);

}  // namespace trunkline::scripting
