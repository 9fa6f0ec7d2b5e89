// Which DNs' endpoints may register, and with which secret: what the SIP adapter asks, from what the
// configuration's watcher has loaded. Any thread; a look-up takes a lock for as long as a copy of one secret
// takes.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/sip/registrar_settings.hpp"
#include "db/config/endpoint_secrets.hpp"
#include "engine/model/snapshot.hpp"

namespace trunkline::apps {

class EndpointAccounts {
  public:
    void put(model::SharedSnapshot, config::EndpointSecrets);

    /// The account of a DN in the switch that a request for `host` ends in; nothing where it has no password.
    [[nodiscard]] std::optional<sip::EndpointAccount> find(const std::string& host,
                                                           const std::string& number) const;
    [[nodiscard]] std::optional<sip::Ha1> secret_of(const std::string& name) const;

    struct Dn {
        std::string sw, number;
    };
    /// The DN that an account's name stands for.
    [[nodiscard]] static Dn dn_of(std::string_view name);

  private:
    [[nodiscard]] std::optional<sip::Ha1> secret(const std::string& sw, const std::string& number) const;

    mutable std::mutex mutex_;
    config::EndpointSecrets secrets_;  // under mutex_
    model::SharedSnapshot snapshot_;   // under mutex_
};

}  // namespace trunkline::apps
