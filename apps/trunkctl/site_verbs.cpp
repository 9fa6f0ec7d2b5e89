// import, export, diff: configuration objects, through the database; a running server takes the change up by
// itself.
#include <boost/json.hpp>
#include <chrono>
#include <ostream>
#include <thread>

#include "apps/settings/known_scripts.hpp"
#include "apps/trunkctl/server_call.hpp"
#include "apps/trunkctl/verbs.hpp"
#include "db/config/commands.hpp"

namespace trunkline::ctl {

namespace {

namespace json = boost::json;

constexpr auto longest_wait = std::chrono::seconds(10);
constexpr auto between_looks = std::chrono::milliseconds(20);

std::int64_t revision_in_force(const Call& call) {
    return get_from_server(call, "/api/v1/status").at(0).at("config_revision").to_number<std::int64_t>();
}

/// "" where no server runs: then there is nothing in which the revision could be in force.
std::string wait_until_in_force(const Call& call, std::uint64_t revision) {
    const auto give_up = std::chrono::steady_clock::now() + longest_wait;
    try {
        while (revision_in_force(call) < static_cast<std::int64_t>(revision)) {
            if (std::chrono::steady_clock::now() > give_up)
                return "revision " + std::to_string(revision) +
                       " is stored, but the server has not taken it up; see trunkctl status";
            std::this_thread::sleep_for(between_looks);
        }
    } catch (const std::exception&) {
        return {};
    }
    return "revision " + std::to_string(revision) + " is in force";
}

config::ImportOptions options_of(Call& call) {
    config::ImportOptions options;
    options.dsn = call.settings.database.dsn;
    options.file = call.only_argument("FILE");
    options.prune = call.has("prune") ? config::Prune::yes : config::Prune::no;
    options.output = call.json ? config::Output::json : config::Output::people;
    options.realm = call.settings.sip.realm;
    options.scripts = apps::known_scripts(call.settings);
    options.wait_until_in_force = [&call](std::uint64_t revision) {
        return wait_until_in_force(call, revision);
    };
    return options;
}

Verb file_verb(const std::string& name, const std::string& summary, const std::string& help) {
    Verb verb{name, "FILE", summary, help};
    verb.fewest_arguments = verb.most_arguments = 1;
    verb.add_options = [](po::options_description& options) {
        options.add_options()(
            "prune",
            "also remove what the file does not name, within the tenants and switches that it names");
    };
    return verb;
}

}  // namespace

Verb import_verb() {
    auto verb =
        file_verb("import", "bring a site file into the configuration",
                  "Adds and updates what the file says, all or nothing; every error is listed with its path. "
                  "Importing\n"
                  "twice changes nothing. Returns when the change is in force in the running server.\n"
                  "Example: trunkctl import examples/support_desk/site.yaml");
    verb.run = [](Call& call) { return config::import_command(options_of(call), call.out, call.err); };
    return verb;
}

Verb diff_verb() {
    auto verb = file_verb("diff", "what an import of the file would change", "Changes nothing.");
    verb.run = [](Call& call) { return config::diff_command(options_of(call), call.out, call.err); };
    return verb;
}

Verb export_verb() {
    Verb verb{"export", "", "the configuration as a site file, on stdout",
              "What import reads. Passwords are never in it.   Example: trunkctl export > site.yaml"};
    verb.run = [](Call& call) {
        if (call.json) throw UsageError("export writes a site file, which is YAML; leave --json out");
        return config::export_command({call.settings.database.dsn}, call.out, call.err);
    };
    return verb;
}

}  // namespace trunkline::ctl
