// Options and lists to and from the jsonb columns. People with psql write numbers and booleans there: they
// become the text that the site file would have.
#include <boost/json.hpp>

#include "db/config/site_rows.hpp"

namespace trunkline::config {
namespace {

namespace json = boost::json;

std::map<std::string, std::string> texts(const json::value& value) {
    std::map<std::string, std::string> out;
    if (!value.is_object()) return out;
    for (const auto& [key, entry] : value.get_object()) {
        if (entry.is_string())
            out.emplace(key, entry.get_string());
        else if (entry.is_number() || entry.is_bool())
            out.emplace(key, json::serialize(entry));
    }
    return out;
}

json::value parsed(std::string_view text) {
    json::error_code error;
    json::value value = json::parse({text.data(), text.size()}, error);
    return error ? json::value(json::object()) : value;
}

}  // namespace

std::string to_json(const model::Options& options) {
    json::object out;
    for (const auto& [section, values] : options) {
        if (values.empty()) continue;
        json::object& inner = out[section].emplace_object();
        for (const auto& [key, value] : values) inner[key] = value;
    }
    return json::serialize(out);
}

model::Options options_of_json(std::string_view text) {
    model::Options out;
    const json::value value = parsed(text);
    if (!value.is_object()) return out;
    for (const auto& [section, values] : value.get_object())
        if (auto entries = texts(values); !entries.empty()) out.emplace(section, std::move(entries));
    return out;
}

std::map<std::string, std::string> text_map_of_json(std::string_view text) { return texts(parsed(text)); }

}  // namespace trunkline::config
