#include "engine/model/names.hpp"

#include <algorithm>

namespace trunkline::model {

SwitchNames::SwitchNames(const Site& site) {
    for (const Switch& sw : site.switches) {
        ++switches_of_tenant_[sw.tenant];
        for (const Dn& dn : sw.dns) dns_[{sw.tenant, dn.number}].push_back(&sw);
        for (const AgentLogin& login : sw.agent_logins) logins_[{sw.tenant, login.code}].push_back(&sw);
    }
}

SwitchNames::Found SwitchNames::find(const Index& index, std::string_view tenant, std::string_view name) {
    // The whole name first: a number may hold an @ itself.
    if (const auto at = index.find(std::pair(std::string(tenant), std::string(name))); at != index.end())
        return {at->second.front(), std::string(name), at->second.size() > 1};
    const std::size_t sign = name.rfind('@');
    if (sign == std::string_view::npos) return {};
    const std::string plain(name.substr(0, sign));
    const auto at = index.find(std::pair(std::string(tenant), plain));
    if (at == index.end()) return {};
    const auto named = std::find_if(at->second.begin(), at->second.end(),
                                    [&](const Switch* sw) { return sw->name == name.substr(sign + 1); });
    return named == at->second.end() ? Found{} : Found{*named, plain, false};
}

SwitchNames::Found SwitchNames::dn(std::string_view tenant, std::string_view number) const {
    return find(dns_, tenant, number);
}
SwitchNames::Found SwitchNames::login(std::string_view tenant, std::string_view code) const {
    return find(logins_, tenant, code);
}

std::string SwitchNames::written(const Switch& sw, const std::string& name) const {
    const auto count = switches_of_tenant_.find(sw.tenant);
    return count == switches_of_tenant_.end() || count->second <= 1 ? name : name + "@" + sw.name;
}

}  // namespace trunkline::model
