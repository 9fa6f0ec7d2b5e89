// T-Library clients and the DNs that they registered. A DN with a registered client is reachable over
// T-Library.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/base/ids.hpp"
#include "engine/messages/effects.hpp"

namespace trunkline::agents {

struct Client {
    TenantId tenant;
    SwitchId sw;
    std::string application;
    std::vector<DnId> registered;
    bool monitors_texts = false;  // registered gcti::im
};

class Devices {
  public:
    void open(ClientId, Client);
    /// The DNs that it had registered; they may have lost their last client.
    std::vector<DnId> close(ClientId);
    [[nodiscard]] const Client* client(ClientId) const;
    [[nodiscard]] std::size_t clients() const { return clients_.size(); }

    void register_dn(ClientId, DnId);
    void unregister_dn(ClientId, DnId);
    [[nodiscard]] bool registered(ClientId, DnId) const;
    /// In order of registration.
    [[nodiscard]] messages::Clients clients_of(DnId) const;
    [[nodiscard]] bool reachable(DnId) const;

    void monitor_texts(ClientId, bool on);
    /// The clients of the tenant that registered gcti::im, in order of ClientId.
    [[nodiscard]] messages::Clients text_monitors(TenantId) const;

  private:
    std::map<ClientId, Client> clients_;
    std::unordered_map<DnId, std::vector<ClientId>> by_dn_;
    std::map<TenantId, std::set<ClientId>> text_monitors_;
};

}  // namespace trunkline::agents
