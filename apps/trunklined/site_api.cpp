#include "apps/trunklined/site_api.hpp"

#include <boost/json.hpp>

#include "apps/settings/known_scripts.hpp"
#include "db/config/config_store.hpp"

namespace trunkline::apps {

namespace {

namespace json = boost::json;

config::ConfigStore store_of(const Settings& settings) {
    return config::ConfigStore(settings.database.dsn, settings.sip.realm, known_scripts(settings));
}

json::array texts_of(const config::SiteFile& file, const std::vector<model::Finding>& findings,
                     model::Finding::Severity severity) {
    json::array texts;
    for (const auto& finding : findings)
        if (finding.severity == severity) texts.emplace_back(file.text(finding));
    return texts;
}

}  // namespace

http::Response export_site(const Settings& settings) {
    return {200, config::to_yaml(store_of(settings).load()), "application/yaml; charset=utf-8"};
}

ImportAnswer import_site(const Settings& settings, const std::string& yaml, bool prune) {
    const auto file = config::parse_site(yaml, "body");
    const auto result = store_of(settings).import(file, prune ? config::Prune::yes : config::Prune::no);
    auto warnings = texts_of(file, result.findings, model::Finding::Severity::warning);
    if (result.refused()) {
        const json::object body{{"error", "nothing was changed; see errors"},
                                {"errors", texts_of(file, result.findings, model::Finding::Severity::error)},
                                {"warnings", std::move(warnings)}};
        return {{422, json::serialize(body)}, 0};
    }
    json::array changes;
    for (const auto& change : result.changes)
        changes.push_back(
            {{"what", config::to_text(change.what)}, {"path", change.path}, {"detail", change.detail}});
    const json::object body{
        {"revision", result.revision}, {"changes", std::move(changes)}, {"warnings", std::move(warnings)}};
    return {{200, json::serialize(body)}, result.changes.empty() ? 0 : result.revision};
}

}  // namespace trunkline::apps
