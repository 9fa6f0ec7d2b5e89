#include "db/replay/player.hpp"

#include <boost/json.hpp>
#include <ostream>

#include "apps/settings/script_folders.hpp"
#include "apps/trunkctl/verbs.hpp"

namespace trunkline::ctl {

namespace {

namespace json = boost::json;

int report(Call& call, const replay::Replay& result, const std::string& scripts) {
    for (const auto& note : result.notes) call.err << "note: " << note << '\n';
    if (call.json) {
        json::object row{{"scripts", scripts},
                         {"runs", result.runs},
                         {"commands", result.commands},
                         {"same", !result.difference}};
        if (const auto& difference = result.difference) {
            row["where"] = difference->where;
            row["command_number"] = difference->command;
            row["command"] = difference->name;
            row["value"] = difference->value;
            row["effects"] = difference->effects_now;
        }
        call.out << json::serialize(json::array{row}) << '\n';
    } else if (const auto& difference = result.difference) {
        call.out << "the first difference in effects with " << scripts << ": command " << difference->command
                 << " (" << difference->name << ") at " << difference->where << "\n  " << difference->value
                 << "\neffects of this build:\n"
                 << difference->effects_now;
    } else {
        call.out << result.commands << " commands of " << result.runs << " runs with " << scripts
                 << ": the same effects\n";
    }
    return result.difference ? 1 : 0;
}

int run_replay(Call& call) {
    const auto& dir = call.only_argument("DIR");
    const auto recorded = replay::replay(dir, {});
    const int status = report(call, recorded, "the recorded scripts");
    if (status != 0 || call.has("recorded")) return status;
    // The scripts may have been edited since: would these have done the same?
    const auto here = std::make_shared<const scripting::ScriptSources>(apps::read_scripts(call.settings));
    if (!recorded.last_sources || recorded.last_sources->hash == here->hash) return status;
    return report(call, replay::replay(dir, {here, false, nullptr}), "the scripts of this folder");
}

}  // namespace

Verb replay_verb() {
    Verb verb{"replay", "DIR", "run recorded commands through this build and these scripts",
              "DIR is what replay.dir named while the server ran. Virtual time: a day takes seconds. First "
              "with the scripts\n"
              "as they were recorded, then, where the scripts of this folder are others, with these. Exit 1 "
              "and the first\n"
              "command whose effects differ, where one does."};
    verb.fewest_arguments = verb.most_arguments = 1;
    verb.add_options = [](po::options_description& options) {
        options.add_options()("recorded", "only with the recorded scripts");
    };
    verb.run = run_replay;
    verb.needs_settings = false;
    return verb;
}

}  // namespace trunkline::ctl
