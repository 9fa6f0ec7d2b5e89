#include "apps/trunklined/openapi.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "adapters/http/router.hpp"

namespace trunkline::apps {

namespace json = boost::json;

namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
    return out;
}

json::array parameters_of(const std::string& pattern) {
    json::array parameters;
    for (auto open = pattern.find('{'); open != std::string::npos; open = pattern.find('{', open + 1)) {
        const auto name = pattern.substr(open + 1, pattern.find('}', open) - open - 1);
        parameters.push_back(
            {{"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}});
    }
    return parameters;
}

}  // namespace

std::string openapi_json(const std::vector<ApiRoute>& routes) {
    json::object paths;
    for (const auto& route : routes) {
        json::object operation{{"summary", route.summary},
                               {"responses",
                                {{"200", {{"description", "done"}}},
                                 {"default", {{"description", "an object with the member error"}}}}}};
        if (auto parameters = parameters_of(route.pattern); !parameters.empty())
            operation["parameters"] = std::move(parameters);
        if (route.access == http::Access::change)
            operation["security"] = json::array{{{"token", json::array{}}}};
        auto& path = paths[route.pattern];
        if (!path.is_object()) path = json::object{};
        path.get_object()[lower(http::to_text(route.verb))] = std::move(operation);
    }
    return json::serialize(json::object{
        {"openapi", "3.0.3"},
        {"info", {{"title", "Trunkline admin API"}, {"version", "1"}}},
        {"paths", std::move(paths)},
        {"components", {{"securitySchemes", {{"token", {{"type", "http"}, {"scheme", "bearer"}}}}}}}});
}

}  // namespace trunkline::apps
