#include "engine/base/words.hpp"
#include "engine/model/snapshot.hpp"

namespace trunkline::model {

std::string_view option(const Options& options, std::string_view section, std::string_view key) {
    const auto in_section = options.find(std::string(section));
    if (in_section == options.end()) return {};
    const auto entry = in_section->second.find(std::string(key));
    return entry == in_section->second.end() ? std::string_view{} : std::string_view(entry->second);
}

bool option_flag(const Options& options, std::string_view section, std::string_view key, bool otherwise) {
    const std::string_view value = option(options, section, key);
    if (value == "true" || value == "yes" || value == "on" || value == "1") return true;
    if (value == "false" || value == "no" || value == "off" || value == "0") return false;
    return otherwise;
}

double option_seconds(const Options& options, std::string_view section, std::string_view key,
                      double otherwise) {
    const auto seconds = number_in<double>(option(options, section, key));
    return seconds && *seconds >= 0 ? *seconds : otherwise;
}

}  // namespace trunkline::model
