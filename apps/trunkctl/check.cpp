#include <boost/json.hpp>
#include <memory>
#include <ostream>
#include <set>

#include "apps/settings/known_scripts.hpp"
#include "apps/settings/script_folders.hpp"
#include "apps/trunkctl/verbs.hpp"
#include "db/config/commands.hpp"
#include "db/config/load_site.hpp"
#include "db/config/site_file.hpp"
#include "db/postgres/connection.hpp"
#include "engine/model/snapshot.hpp"

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

/// What the names in scripts are looked up in, and how to call it.
struct Configuration {
    std::unique_ptr<const model::Snapshot> snapshot;  // none where nothing is reachable
    std::string called;
};

Configuration configuration_of(const Call& call) {
    if (call.has("site")) {
        const std::string file = call.text("site");
        if (!apps::fs::exists(file)) throw Failure(file + ": there is no such file");
        return {std::make_unique<const model::Snapshot>(config::read_site_file(file).site),
                "site file " + file};
    }
    if (call.settings.database.dsn.empty()) return {nullptr, "no configuration (--site FILE names one)"};
    try {
        db::Connection connection(call.settings.database.dsn);
        return {std::make_unique<const model::Snapshot>(config::load_site(connection)),
                "the database's configuration"};
    } catch (const std::exception&) {
        return {nullptr, "no configuration (the database is not reachable; --site FILE names a file)"};
    }
}

int check_scripts(Call& call, const std::vector<std::string>& paths) {
    auto sources = apps::read_scripts(call.settings);
    const auto wanted = names_of(call, paths, sources);
    const Configuration configuration = configuration_of(call);
    const auto built = scripting::build(sources, apps::script_budgets(call.settings),
                                        {configuration.snapshot.get(), !paths.empty()});
    json::array rows;
    for (const auto& error : built.errors)
        if (paths.empty() || wanted.contains(error.file))
            rows.push_back({{"file", error.file}, {"line", error.line}, {"message", error.message}});
    if (call.json) call.out << json::serialize(rows) << '\n';
    if (!call.json)
        for (const auto& row : rows) call.err << json::value_to<std::string>(row.at("message")) << '\n';
    if (rows.empty() && !call.json)
        call.out << (paths.empty() ? sources.files.size() : wanted.size())
                 << " scripts, no errors; names looked up in " << configuration.called << '\n';
    return rows.empty() ? 0 : 1;
}

int run_check(Call& call) {
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
        "file:line: message. Names of objects that a script writes as constants are looked up in --site "
        "FILE, else\n"
        "in the database where it is reachable. With paths, only errors in them count, and strategies that "
        "no\n"
        "routing point runs yet are looked at, too; a path that ends in .yaml is checked as a site file.\n"
        "Example: trunkctl check strategies/mine.lua --site examples/support_desk/site.yaml"};
    verb.add_options = [](po::options_description& options) {
        options.add_options()("site", po::value<std::string>()->value_name("FILE"),
                              "a site file in which names are looked up");
    };
    verb.most_arguments = 1000;
    verb.run = run_check;
    verb.needs_settings = false;
    return verb;
}

}  // namespace trunkline::ctl
