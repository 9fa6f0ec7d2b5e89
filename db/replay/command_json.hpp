// Commands as JSON and back. The configuration goes in as the Site; scripts as their hash, their texts stand
// once beside the log. Pure functions; reading throws std::exception on what is no command.
#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <memory>

#include "engine/messages/commands.hpp"
#include "engine/scripting/script_sources.hpp"

namespace trunkline::replay {

using SharedSources = std::shared_ptr<const scripting::ScriptSources>;
/// Finds the texts of a set of scripts by its hash.
using SourcesByHash = std::function<SharedSources(const std::string& hash)>;

[[nodiscard]] std::string_view name_of(const messages::Command&);
[[nodiscard]] boost::json::value to_json(const messages::Command&);
[[nodiscard]] messages::Command command_from_json(std::string_view name, const boost::json::value&,
                                                  const SourcesByHash&);

[[nodiscard]] boost::json::value sources_to_json(const scripting::ScriptSources&);
[[nodiscard]] scripting::ScriptSources sources_from_json(const boost::json::value&);

}  // namespace trunkline::replay
