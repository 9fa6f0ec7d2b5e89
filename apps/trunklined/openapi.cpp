#include "apps/trunklined/openapi.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "adapters/http/router.hpp"
#include "engine/base/words.hpp"

namespace trunkline::apps {

namespace json = boost::json;

namespace {

json::object parameter(const std::string& name, const char* in, const std::string& summary) {
    json::object one{{"name", name},
                     {"in", in},
                     {"required", in == std::string_view("path")},
                     {"schema", {{"type", "string"}}}};
    if (!summary.empty()) one["description"] = summary;
    return one;
}

json::array parameters_of(const ApiRoute& route) {
    json::array parameters;
    const std::string& pattern = route.pattern;
    for (auto open = pattern.find('{'); open != std::string::npos; open = pattern.find('{', open + 1))
        parameters.push_back(
            parameter(pattern.substr(open + 1, pattern.find('}', open) - open - 1), "path", {}));
    for (const auto& option : route.options)
        parameters.push_back(parameter(option.name, "query", option.summary));
    return parameters;
}

json::object content(const std::string& media_type, json::object schema) {
    return {{"content", {{media_type, {{"schema", std::move(schema)}}}}}};
}

json::object refusal(const char* when) {
    auto response = content("application/json", {{"$ref", "#/components/schemas/Error"}});
    response["description"] = when;
    return response;
}

json::object operation_of(const ApiRoute& route, bool needs_token) {
    const bool is_json = route.gives == "application/json";
    auto done = content(route.gives, is_json ? json::object{} : json::object{{"type", "string"}});
    done["description"] = "done";
    json::object responses{{"200", std::move(done)},
                           {"403", refusal("a Host or Origin that is not this server's")},
                           {"default", refusal("what went wrong and what to do")}};
    if (needs_token) responses["401"] = refusal("the bearer token is missing or wrong");
    if (route.pattern.find('{') != std::string::npos) responses["404"] = refusal("nothing has this id");
    json::object operation{{"summary", route.summary}, {"responses", std::move(responses)}};
    if (auto parameters = parameters_of(route); !parameters.empty())
        operation["parameters"] = std::move(parameters);
    if (!route.takes.empty()) {
        auto body = content(route.takes, {{"type", "string"}});
        body["required"] = true;
        operation["requestBody"] = std::move(body);
    }
    if (needs_token) operation["security"] = json::array{{{"token", json::array{}}}};
    return operation;
}

}  // namespace

std::string openapi_json(const std::vector<ApiRoute>& routes, bool token_for_reads) {
    json::object paths;
    for (const auto& route : routes) {
        const bool needs_token =
            route.access == http::Access::change || (route.access == http::Access::read && token_for_reads);
        auto& path = paths[route.pattern];
        if (!path.is_object()) path = json::object{};
        path.get_object()[lower_case(http::to_text(route.verb))] = operation_of(route, needs_token);
    }
    const json::object error{{"type", "object"},
                             {"required", json::array{"error"}},
                             {"properties", {{"error", {{"type", "string"}}}}}};
    return json::serialize(
        json::object{{"openapi", "3.0.3"},
                     {"info", {{"title", "Trunkline admin API"}, {"version", "1"}}},
                     {"paths", std::move(paths)},
                     {"components",
                      {{"securitySchemes", {{"token", {{"type", "http"}, {"scheme", "bearer"}}}}},
                       {"schemas", {{"Error", error}}}}}});
}

}  // namespace trunkline::apps
