#include "adapters/http/router.hpp"

#include <array>

namespace trunkline::http {
namespace {

constexpr std::array verbs{
    std::pair{Verb::get, std::string_view("GET")}, std::pair{Verb::post, std::string_view("POST")},
    std::pair{Verb::put, std::string_view("PUT")}, std::pair{Verb::del, std::string_view("DELETE")}};

bool is_parameter(std::string_view segment) { return segment.starts_with('{') && segment.ends_with('}'); }

bool fits(const std::vector<std::string>& pattern, const std::vector<std::string>& segments) {
    if (pattern.size() != segments.size()) return false;
    for (std::size_t i = 0; i < pattern.size(); ++i)
        if (!is_parameter(pattern[i]) && pattern[i] != segments[i]) return false;
    return true;
}

}  // namespace

std::string_view to_text(Verb verb) {
    for (const auto& [known, text] : verbs)
        if (known == verb) return text;
    return "?";
}

std::optional<Verb> verb_from(std::string_view method) {
    for (const auto& [verb, text] : verbs)
        if (text == method) return verb;
    return std::nullopt;
}

void Router::add(Verb verb, std::string_view pattern, Access access, Handler handler) {
    const auto target = parse_target(pattern);
    routes_.push_back(
        {verb, access, target ? target->segments : std::vector<std::string>{}, std::move(handler)});
}

Router::Match Router::find(Verb verb, const Target& target) const {
    Match match;
    for (const Route& route : routes_) {
        if (!fits(route.pattern, target.segments)) continue;
        if (route.verb != verb) {
            if (!match.allowed.empty()) match.allowed += ", ";
            match.allowed += to_text(route.verb);
            continue;
        }
        match.route = &route;
        for (std::size_t i = 0; i < route.pattern.size(); ++i)
            if (is_parameter(route.pattern[i]))
                match.params[route.pattern[i].substr(1, route.pattern[i].size() - 2)] = target.segments[i];
        return match;
    }
    return match;
}

}  // namespace trunkline::http
