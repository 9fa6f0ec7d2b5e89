#include <boost/json.hpp>
#include <ostream>
#include <set>

#include "apps/settings/known_scripts.hpp"
#include "apps/settings/script_folders.hpp"
#include "apps/trunkctl/verbs.hpp"
#include "db/config/commands.hpp"

namespace trunkline::ctl {

namespace {

namespace json = boost::json;

bool is_site_file(const std::string& path) { return path.ends_with(".yaml") || path.ends_with(".yml"); }

/// The names under which errors speak of what the paths hold. Scripts that no setting names come into the
/// sources.
std::set<std::string> names_of(const Call& call, const std::vector<std::string>& paths,
                               scripting::ScriptSources& sources) {
    std::set<std::string> names;
    for (const auto& path : paths)
        for (const auto& file : apps::scripts_below(path))
            names.insert(apps::add_script(sources, file, call.settings));
    return names;
}

int check_scripts(Call& call, const std::vector<std::string>& paths) {
    auto sources = apps::read_scripts(call.settings);
    const auto wanted = names_of(call, paths, sources);
    const auto built = scripting::build(sources, apps::script_budgets(call.settings));
    json::array rows;
    for (const auto& error : built.errors)
        if (paths.empty() || wanted.contains(error.file))
            rows.push_back({{"file", error.file}, {"line", error.line}, {"message", error.message}});
    if (call.json) call.out << json::serialize(rows) << '\n';
    if (!call.json)
        for (const auto& row : rows) call.err << json::value_to<std::string>(row.at("message")) << '\n';
    if (rows.empty() && !call.json)
        call.out << (paths.empty() ? sources.files.size() : wanted.size()) << " scripts, no errors\n";
    return rows.empty() ? 0 : 1;
}

int run(Call& call) {
    std::vector<std::string> sites, scripts;
    for (const auto& path : call.arguments) {
        if (!apps::fs::exists(path)) throw Failure(path + ": there is no such file or folder");
        (is_site_file(path) ? sites : scripts).push_back(path);
    }
    int status = 0;
    const auto output = call.json ? config::Output::json : config::Output::people;
    for (const auto& site : sites)
        status |=
            config::check_site_command(site, apps::known_scripts(call.settings), output, call.out, call.err);
    if (sites.empty() || !scripts.empty()) status |= check_scripts(call, scripts);
    return status;
}

}  // namespace

Verb check_verb() {
    Verb verb{
        "check", "[PATH...]", "the checks of a reload, with no server",
        "Loads every script of scripts.paths and scripts.strategies in the sandbox and prints all errors as\n"
        "file:line: message. With paths, only errors in them count; a path that ends in .yaml is checked as "
        "a site file."};
    verb.most_arguments = 1000;
    verb.run = run;
    verb.needs_settings = false;
    return verb;
}

}  // namespace trunkline::ctl
