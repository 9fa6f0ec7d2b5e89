#include "db/replay/command_json.hpp"

#include <array>
#include <boost/json.hpp>
#include <boost/mp11.hpp>
#include <stdexcept>

#include "engine/messages/t_message_json.hpp"
#include "engine/model/snapshot.hpp"

namespace trunkline::replay {

namespace {

namespace json = boost::json;
using namespace messages;

// In the order of the variant; the assertion below keeps both in step.
constexpr std::array<std::string_view, 21> names{
    "TextReceived",  "SessionOffered", "LegEnded",      "TextAnswered",  "LegText",        "LegAnswered",
    "LegFailed",     "EndpointProbed", "EndpointBound", "ClientOpened",  "ClientClosed",   "ClientRequest",
    "QueryAnswered", "HttpAnswered",   "ConfigChanged", "ScriptsLoaded", "ScriptsRefused", "SessionsCutOff",
    "TimersDue",     "Drain",          "Stop"};
static_assert(names.size() == std::variant_size_v<Command>, "give the new command its name in the log");

json::value encode(const ConfigChanged& command) { return json::value_from(command.snapshot->site()); }
json::value encode(const ScriptsLoaded& command) { return {{"hash", command.sources->hash}}; }
template <class Described>
json::value encode(const Described& command) {
    return json::value_from(command);
}

template <class Described>
Command decode(const json::value& value, const SourcesByHash& sources) {
    if constexpr (std::is_same_v<Described, ConfigChanged>) {
        return ConfigChanged{std::make_shared<const model::Snapshot>(json::value_to<model::Site>(value))};
    } else if constexpr (std::is_same_v<Described, ScriptsLoaded>) {
        return ScriptsLoaded{sources(json::value_to<std::string>(value.at("hash"))), nullptr};
    } else {
        return json::value_to<Described>(value);
    }
}

}  // namespace

std::string_view name_of(const Command& command) { return names.at(command.index()); }

json::value to_json(const Command& command) {
    return std::visit([](const auto& is) { return encode(is); }, command);
}

Command command_from_json(std::string_view name, const json::value& value, const SourcesByHash& sources) {
    std::optional<Command> command;
    boost::mp11::mp_for_each<boost::mp11::mp_iota_c<std::variant_size_v<Command>>>([&](auto index) {
        if (names[index] == name)
            command = decode<std::variant_alternative_t<index, Command>>(value, sources);
    });
    if (!command)
        throw std::runtime_error("a command named '" + std::string(name) + "' is not known to this build");
    return *std::move(command);
}

json::value sources_to_json(const scripting::ScriptSources& sources) {
    json::array files;
    for (const auto& file : sources.files)
        files.push_back(
            {{"path", file.path}, {"shown_as", file.shown_as}, {"text", file.text}, {"hash", file.hash}});
    return {{"hash", sources.hash}, {"files", std::move(files)}};
}

scripting::ScriptSources sources_from_json(const json::value& value) {
    scripting::ScriptSources sources;
    sources.hash = json::value_to<std::string>(value.at("hash"));
    for (const auto& file : value.at("files").as_array())
        sources.files.push_back(
            {json::value_to<std::string>(file.at("path")), json::value_to<std::string>(file.at("shown_as")),
             json::value_to<std::string>(file.at("text")), json::value_to<std::string>(file.at("hash"))});
    return sources;
}

}  // namespace trunkline::replay
