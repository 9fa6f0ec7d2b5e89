#include "engine/agents/devices.hpp"

#include <algorithm>

namespace trunkline::agents {

void Devices::open(ClientId id, Client client) { clients_.insert_or_assign(id, std::move(client)); }

std::vector<DnId> Devices::close(ClientId id) {
    const auto found = clients_.find(id);
    if (found == clients_.end()) return {};
    // Taken out first: a client may have registered every DN there is.
    std::vector<DnId> dns = std::exchange(found->second.registered, {});
    for (const DnId dn : dns) unregister_dn(id, dn);
    monitor_texts(id, false);
    clients_.erase(id);
    return dns;
}

const Client* Devices::client(ClientId id) const {
    const auto found = clients_.find(id);
    return found == clients_.end() ? nullptr : &found->second;
}

void Devices::register_dn(ClientId id, DnId dn) {
    if (registered(id, dn)) return;
    clients_.at(id).registered.push_back(dn);
    by_dn_[dn].push_back(id);
}

void Devices::unregister_dn(ClientId id, DnId dn) {
    const auto client = clients_.find(id);
    if (client == clients_.end()) return;
    std::erase(client->second.registered, dn);
    const auto at = by_dn_.find(dn);
    if (at == by_dn_.end()) return;
    std::erase(at->second, id);
    if (at->second.empty()) by_dn_.erase(at);
}

bool Devices::registered(ClientId id, DnId dn) const {
    const auto at = by_dn_.find(dn);
    return at != by_dn_.end() && std::find(at->second.begin(), at->second.end(), id) != at->second.end();
}

messages::Clients Devices::clients_of(DnId dn) const {
    const auto at = by_dn_.find(dn);
    return at == by_dn_.end() ? messages::Clients{} : messages::Clients(at->second.begin(), at->second.end());
}

bool Devices::reachable(DnId dn) const { return by_dn_.contains(dn); }

void Devices::monitor_texts(ClientId id, bool on) {
    const auto found = clients_.find(id);
    if (found == clients_.end() || found->second.monitors_texts == on) return;
    found->second.monitors_texts = on;
    if (on)
        text_monitors_[found->second.tenant].insert(id);
    else
        text_monitors_[found->second.tenant].erase(id);
}

messages::Clients Devices::text_monitors(TenantId tenant) const {
    const auto at = text_monitors_.find(tenant);
    return at == text_monitors_.end() ? messages::Clients{}
                                      : messages::Clients(at->second.begin(), at->second.end());
}

}  // namespace trunkline::agents
