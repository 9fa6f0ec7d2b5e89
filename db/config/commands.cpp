#include "db/config/commands.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <ostream>

#include "db/config/config_store.hpp"
#include "db/postgres/connection.hpp"

namespace trunkline::config {
namespace {

namespace json = boost::json;
using model::Finding;

// The border of a verb: whatever goes wrong below becomes one line and exit 1.
template <class Verb>
int told(std::ostream& err, Verb verb) {
    try {
        return verb();
    } catch (const db::PostgresError& error) {
        // undefined_table, invalid_schema_name
        const bool unmigrated = error.sqlstate() == "42P01" || error.sqlstate() == "3F000";
        err << (unmigrated ? "the database has no configuration schema yet: run `trunkctl migrate`"
                           : error.what())
            << '\n';
        return 1;
    } catch (const std::exception& error) {
        err << error.what() << '\n';
        return 1;
    }
}

void tell(const SiteFile& file, const std::vector<Finding>& findings, std::ostream& err) {
    for (const Finding& finding : findings)
        err << (finding.severity == Finding::Severity::warning ? "warning: " : "") << file.text(finding)
            << '\n';
}

std::string counted(std::size_t number, std::string_view what) {
    return std::to_string(number) + " " + std::string(what) + (number == 1 ? "" : "s");
}

std::size_t errors_in(const std::vector<Finding>& findings) {
    return static_cast<std::size_t>(std::count_if(findings.begin(), findings.end(), [](const Finding& f) {
        return f.severity == Finding::Severity::error;
    }));
}

void tell(const std::vector<Change>& changes, Output output, std::ostream& out) {
    if (output == Output::people) {
        for (const Change& change : changes)
            out << std::string(to_text(change.what)).append("   ").substr(0, 8) << ' ' << change.path
                << (change.detail.empty() ? "" : ": ") << change.detail << '\n';
        return;
    }
    json::array rows;
    for (const Change& change : changes)
        rows.push_back(
            json::object{{"what", to_text(change.what)}, {"path", change.path}, {"detail", change.detail}});
    out << json::serialize(rows) << '\n';
}

int refusal(const ImportResult& result, std::ostream& err) {
    err << counted(errors_in(result.findings), "error") << "; nothing was changed\n";
    return 1;
}

}  // namespace

int import_command(const ImportOptions& options, std::ostream& out, std::ostream& err) {
    return told(err, [&] {
        const SiteFile file = read_site_file(options.file);
        const ImportResult result =
            ConfigStore(options.dsn, options.realm, options.scripts).import(file, options.prune);
        tell(file, result.findings, err);
        if (result.refused()) return refusal(result, err);
        tell(result.changes, options.output, out);
        std::string in_force;
        if (!result.changes.empty() && options.wait_until_in_force)
            in_force = options.wait_until_in_force(result.revision);
        if (options.output == Output::json) return 0;
        if (result.changes.empty())
            out << "nothing to change\n";
        else
            out << counted(result.changes.size(), "change") << ", revision " << result.revision
                << (in_force.empty() ? "" : "; ") << in_force << '\n';
        return 0;
    });
}

int diff_command(const ImportOptions& options, std::ostream& out, std::ostream& err) {
    return told(err, [&] {
        const SiteFile file = read_site_file(options.file);
        const ImportResult result =
            ConfigStore(options.dsn, options.realm, options.scripts).diff(file, options.prune);
        tell(file, result.findings, err);
        if (result.refused()) return refusal(result, err);
        tell(result.changes, options.output, out);
        if (options.output == Output::people)
            out << (result.changes.empty()
                        ? std::string("nothing to change")
                        : "an import would make " + counted(result.changes.size(), "change"))
                << '\n';
        return 0;
    });
}

int export_command(const ExportOptions& options, std::ostream& out, std::ostream& err) {
    return told(err, [&] {
        out << to_yaml(ConfigStore(options.dsn).load());
        return 0;
    });
}

int check_site_command(const std::filesystem::path& path, const model::KnownScripts& scripts, Output output,
                       std::ostream& out, std::ostream& err) {
    return told(err, [&] {
        const SiteFile file = read_site_file(path);
        const std::vector<Finding> findings = file.report(model::check(file.site, scripts));
        if (output == Output::people) {
            tell(file, findings, err);
        } else {
            json::array rows;
            for (const Finding& finding : findings)
                rows.push_back(json::object{
                    {"severity", finding.severity == Finding::Severity::error ? "error" : "warning"},
                    {"file", file.name},
                    {"line", file.line_of(finding)},
                    {"path", finding.path},
                    {"message", finding.message}});
            out << json::serialize(rows) << '\n';
        }
        const std::size_t errors = errors_in(findings);
        if (output == Output::people && errors == 0)
            out << file.name << " is right"
                << (findings.empty() ? std::string() : ", with " + counted(findings.size(), "warning"))
                << '\n';
        return errors == 0 ? 0 : 1;
    });
}

}  // namespace trunkline::config
