#include "engine/model/check_options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "engine/model/sip_contact.hpp"

namespace trunkline::model {
namespace {

using Accepts = bool (*)(std::string_view);

bool one_of(std::string_view value, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), value) != words.end();
}
bool is_flag(std::string_view value) {
    return one_of(value, {"true", "false", "yes", "no", "on", "off", "1", "0"});
}
bool is_whole(std::string_view value) {
    return !value.empty() && value.size() <= 9 &&
           value.find_first_not_of("0123456789") == std::string_view::npos;
}
bool is_seconds(std::string_view value) {
    const std::size_t point = value.find('.');
    if (point == std::string_view::npos) return is_whole(value);
    const std::string_view fraction = value.substr(point + 1);
    return is_whole(value.substr(0, point)) && !fraction.empty() &&
           fraction.find_first_not_of("0123456789") == std::string_view::npos;
}

struct Kind {
    std::string_view key;
    Accepts accepts;
    std::string_view wanted;
};

constexpr std::string_view seconds_wanted = "a number of seconds, 0 or more";
constexpr auto kinds = std::to_array<Kind>({
    {"multimedia", is_flag, "true or false"},
    {"voice", is_flag, "true or false"},
    {"divert-on-ringing", is_flag, "true or false"},
    {"sip-enable-call-info", is_flag, "true or false"},
    {"default", is_flag, "true or false"},
    {"sip-signaling-chat", [](std::string_view v) { return is_flag(v) || v == "none"; },
     "true, false or none"},
    {"im-idle-timeout", is_seconds, seconds_wanted},
    {"no-answer-timeout", is_seconds, seconds_wanted},
    {"after-routing-timeout", is_seconds, seconds_wanted},
    {"router-timeout", is_seconds, seconds_wanted},
    {"unreachable-timeout", is_seconds, seconds_wanted},
    {"legal-guard-time", is_seconds, seconds_wanted},
    {"timed-acw-in-idle", is_flag, "true or false"},
    {"acw-in-idle-force-ready", is_flag, "true or false"},
    {"wrap-up-time", [](std::string_view v) { return is_seconds(v) || v == "untimed"; },
     "a number of seconds, 0 or more, or untimed"},
    {"contact", [](std::string_view v) { return parse_sip_contact(v).has_value(); },
     "a SIP address such as sip:10.0.0.5:5060"},
    {"max-sessions", is_whole, "a whole number, 0 or more"},
    {"max-new-per-second", is_whole, "a whole number, 0 or more"},
    {"no-answer-action",
     [](std::string_view v) {
         return one_of(v, {"none", "notready", "logout"});
     },
     "none, notready or logout"},
});

}  // namespace

void check_options(const Options& options, const std::string& path, std::vector<Finding>& findings) {
    const auto section = options.find("TServer");
    if (section == options.end()) return;
    for (const auto& [key, value] : section->second) {
        const auto kind =
            std::find_if(kinds.begin(), kinds.end(), [&](const Kind& k) { return k.key == key; });
        if (kind == kinds.end() || kind->accepts(value)) continue;
        findings.push_back({Finding::Severity::error, path + ".options.TServer." + key,
                            "'" + value.substr(0, 60) + "' is not " + std::string(kind->wanted)});
    }
}

}  // namespace trunkline::model
