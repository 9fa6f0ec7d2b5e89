#include <boost/json.hpp>
#include <ostream>

#include "apps/settings/script_folders.hpp"
#include "apps/trunkctl/verbs.hpp"

namespace trunkline::ctl {

namespace {

namespace json = boost::json;

/// With paths: only what is wrong in these files or below these folders counts.
bool concerns(const std::string& error, const std::vector<std::string>& paths) {
    if (paths.empty()) return true;
    for (const auto& path : paths) {
        const auto plain = apps::fs::path(path).lexically_normal().string();
        if (error.starts_with(plain) || error.starts_with(path)) return true;
    }
    return false;
}

int run(Call& call) {
    for (const auto& path : call.arguments)
        if (!apps::fs::exists(path)) throw Failure(path + ": there is no such file or folder");
    const auto sources = apps::read_scripts(call.settings);
    const auto built = scripting::build(sources, apps::script_budgets(call.settings));
    json::array rows;
    for (const auto& error : built.errors)
        if (concerns(error.message, call.arguments))
            rows.push_back({{"file", error.file}, {"line", error.line}, {"message", error.message}});
    if (call.json) call.out << json::serialize(rows) << '\n';
    if (!call.json)
        for (const auto& row : rows) call.err << json::value_to<std::string>(row.at("message")) << '\n';
    if (rows.empty() && !call.json) call.out << sources.files.size() << " scripts, no errors\n";
    return rows.empty() ? 0 : 1;
}

}  // namespace

Verb check_verb() {
    Verb verb{
        "check", "[PATH...]", "the checks of a reload, with no server",
        "Loads every script of scripts.paths and scripts.strategies in the sandbox and prints all errors as\n"
        "file:line: message. With paths, only errors in them count."};
    verb.most_arguments = 1000;
    verb.run = run;
    verb.needs_settings = false;
    return verb;
}

}  // namespace trunkline::ctl
