#include "engine/model/check_options.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string_view>

#include "engine/base/near_names.hpp"
#include "engine/model/sip_contact.hpp"

namespace trunkline::model {
namespace {

using Accepts = bool (*)(std::string_view);

constexpr double longest_seconds = 31'536'000;  // a year
constexpr int largest_number = 1'000'000;
constexpr std::size_t slip = 2;  // letters: extn-no-answer-timeout and its like are names of their own

bool one_of(std::string_view value, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), value) != words.end();
}
bool is_flag(std::string_view value) {
    return one_of(value, {"true", "false", "yes", "no", "on", "off", "1", "0"});
}
bool is_digits(std::string_view value) {
    return !value.empty() && value.size() <= 9 &&
           value.find_first_not_of("0123456789") == std::string_view::npos;
}
bool is_count(std::string_view value) {
    int number = 0;
    return is_digits(value) &&
           std::from_chars(value.data(), value.data() + value.size(), number).ec == std::errc{} &&
           number <= largest_number;
}
bool is_seconds(std::string_view value) {
    const std::size_t point = value.find('.');
    if (!is_digits(value.substr(0, point))) return false;
    if (point != std::string_view::npos && !is_digits(value.substr(point + 1))) return false;
    double seconds = 0;
    std::from_chars(value.data(), value.data() + value.size(), seconds);
    return seconds <= longest_seconds;
}
bool is_text(std::string_view value) { return value.size() <= 65'536; }
bool is_number_or_address(std::string_view value) {
    return !value.empty() && value.size() <= 1024 &&
           std::none_of(value.begin(), value.end(),
                        [](unsigned char c) { return std::iscntrl(c) != 0 || c == ' '; });
}
bool is_host(std::string_view value) {
    return !value.empty() && value.size() <= 255 &&
           std::all_of(value.begin(), value.end(), [](unsigned char c) {
               return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_' || c == ':' || c == '[' ||
                      c == ']';
           });
}
bool is_prefix(std::string_view value) {
    return value.size() <= 64 && value.find_first_not_of("+0123456789*#") == std::string_view::npos;
}

struct Kind {
    std::string_view key;
    Accepts accepts;
    std::string_view wanted;
};

constexpr std::string_view flag_wanted = "true or false";
constexpr std::string_view seconds_wanted = "a number of seconds from 0 to 31536000 (a year)";
constexpr std::string_view count_wanted = "a whole number from 0 to 1000000";
constexpr std::string_view text_wanted = "a text of at most 65536 bytes";

// What this server reads. The same table stands in config.option_makes_sense of the newest migration.
constexpr auto kinds = std::to_array<Kind>({
    {"multimedia", is_flag, flag_wanted},
    {"voice", is_flag, flag_wanted},
    {"divert-on-ringing", is_flag, flag_wanted},
    {"sip-enable-call-info", is_flag, flag_wanted},
    {"default", is_flag, flag_wanted},
    {"timed-acw-in-idle", is_flag, flag_wanted},
    {"acw-in-idle-force-ready", is_flag, flag_wanted},
    {"capacity-treat-acw-as-interaction", is_flag, flag_wanted},
    {"tls-verify", is_flag, flag_wanted},
    {"sip-signaling-chat", [](std::string_view v) { return is_flag(v) || v == "none"; },
     "true, false or none"},
    {"im-idle-timeout", is_seconds, seconds_wanted},
    {"no-answer-timeout", is_seconds, seconds_wanted},
    {"after-routing-timeout", is_seconds, seconds_wanted},
    {"router-timeout", is_seconds, seconds_wanted},
    {"unreachable-timeout", is_seconds, seconds_wanted},
    {"legal-guard-time", is_seconds, seconds_wanted},
    {"wrap-up-time", [](std::string_view v) { return is_seconds(v) || v == "untimed"; },
     "a number of seconds from 0 to 31536000 (a year), or untimed"},
    {"max-sessions", is_count, count_wanted},
    {"max-new-per-second", is_count, count_wanted},
    {"no-answer-action",
     [](std::string_view v) {
         return one_of(v, {"none", "notready", "logout"});
     },
     "none, notready or logout"},
    {"contact", [](std::string_view v) { return parse_sip_contact(v).has_value(); },
     "a SIP address such as sip:10.0.0.5:5060"},
    {"sip-domain", is_host, "the name of a host such as cc.example.com"},
    {"prefix", is_prefix, "the beginning of a telephone number: digits, +, * and #"},
    {"default-dn", is_number_or_address, "the number of a DN, or where a trunk leads"},
    {"im-hold-text", is_text, text_wanted},
    {"im-failed-text", is_text, text_wanted},
    {"im-restart-text", is_text, text_wanted},
});

// Most keys are for scripts and for other products: only what looks like a slip of the pen is told.
std::string meant(std::string_view key) {
    std::vector<std::string_view> known{"password"};
    for (const Kind& kind : kinds) known.push_back(kind.key);
    return did_you_mean(key, known, slip);
}

}  // namespace

void check_options(const Options& options, const std::string& path, std::vector<Finding>& findings) {
    for (const auto& [name, values] : options)
        if (const std::string hint = did_you_mean(name, {"TServer"}, slip);
            name != "TServer" && !hint.empty())
            findings.push_back({Finding::Severity::warning, path + ".options." + name,
                                "is not read: no section of this name is known" + hint});
    const auto section = options.find("TServer");
    if (section == options.end()) return;
    for (const auto& [key, value] : section->second) {
        const std::string here = path + ".options.TServer." + key;
        const auto kind =
            std::find_if(kinds.begin(), kinds.end(), [&](const Kind& k) { return k.key == key; });
        if (kind == kinds.end()) {
            if (const std::string hint = meant(key); !hint.empty())
                findings.push_back({Finding::Severity::warning, here,
                                    "is not read: no option of this name is known" + hint});
        } else if (!kind->accepts(value)) {
            findings.push_back({Finding::Severity::error, here,
                                "'" + value.substr(0, 60) + "' is not " + std::string(kind->wanted)});
        }
    }
}

}  // namespace trunkline::model
