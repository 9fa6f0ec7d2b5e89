#include "apps/trunklined/endpoint_accounts.hpp"

#include <algorithm>

namespace trunkline::apps {
namespace {

constexpr char between = '\n';  // in no name of the configuration

}  // namespace

void EndpointAccounts::put(model::SharedSnapshot snapshot, config::EndpointSecrets secrets) {
    const std::lock_guard lock(mutex_);
    snapshot_ = std::move(snapshot);
    secrets_ = std::move(secrets);
}

std::optional<sip::Ha1> EndpointAccounts::secret(const std::string& sw, const std::string& number) const {
    const auto found = secrets_.by_dn.find({sw, number});
    if (found == secrets_.by_dn.end()) return std::nullopt;
    return sip::Ha1{found->second.md5, found->second.sha256};
}

std::optional<sip::EndpointAccount> EndpointAccounts::find(const std::string& host,
                                                           const std::string& number) const {
    const std::lock_guard lock(mutex_);
    const model::SwitchEntry* sw = snapshot_ ? snapshot_->switch_for_host(host) : nullptr;
    auto found = sw == nullptr ? std::nullopt : secret(sw->object->name, number);
    if (!found) return std::nullopt;
    return sip::EndpointAccount{sw->object->name + between + number, std::move(*found)};
}

std::optional<sip::Ha1> EndpointAccounts::secret_of(const std::string& name) const {
    const auto [sw, number] = dn_of(name);
    const std::lock_guard lock(mutex_);
    return secret(sw, number);
}

EndpointAccounts::Dn EndpointAccounts::dn_of(std::string_view name) {
    const auto at = std::min(name.find(between), name.size());
    return {std::string(name.substr(0, at)), std::string(name.substr(std::min(at + 1, name.size())))};
}

}  // namespace trunkline::apps
