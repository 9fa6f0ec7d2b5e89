// The registrar for agents' endpoints (RFC 3261 10.3): who they are by digest, where they are by bindings.
// SIP thread. It knows DNs by their digest secrets only; what a binding means for an agent is the engine's
// to say, which hears of each change through `bound`.
#pragma once

#include <string>
#include <unordered_map>

#include "adapters/sip/asked_before.hpp"
#include "adapters/sip/bindings.hpp"
#include "adapters/sip/duplicate_table.hpp"
#include "adapters/sip/exchange.hpp"
#include "adapters/sip/nonces.hpp"

namespace trunkline::sip {

class Registrar final : TimerListener {
  public:
    /// `settings` as the exchange has them; without an account_of in them nobody can register.
    explicit Registrar(Exchange& exchange);
    ~Registrar();
    Registrar(const Registrar&) = delete;
    Registrar& operator=(const Registrar&) = delete;

    /// Takes the bindings of the run before and tells of them. Once, when the exchange is open.
    void open();
    [[nodiscard]] bool is_there() const { return bool(settings_.account_of); }
    /// A REGISTER outside any dialog.
    void take(MessageHandle request, const sip_t* sip);
    /// Accounts came, went or got another password: what was bound with a secret that holds no more is bound
    /// no more.
    void accounts_changed();
    /// The way to where the DN `number` at `host` has registered last; nothing where it is registered
    /// nowhere.
    [[nodiscard]] std::optional<std::string> route_of(const std::string& host,
                                                      const std::string& number) const;

  private:
    void on_timer() override;
    enum class Offered { both, md5_alone };
    void challenge_again(MessageHandle request, bool stale, Offered offered);
    /// What an endpoint is challenged with that gave these credentials, or none.
    [[nodiscard]] Offered offer_for(const msg_t* request, const std::string& dn,
                                    const Credentials* credentials, const TransactionKey& key);
    void change(MessageHandle request, const sip_t* sip, const EndpointAccount& account,
                const TransactionKey& key);
    void accept(MessageHandle request, const std::string& name);
    /// After a change: keeps it, tells of it, and waits for the next expiry.
    void changed(const std::string& name);
    void tell(const std::string& name);
    void arm();

    Exchange& exchange_;
    const RegistrarSettings& settings_;
    Nonces nonces_;
    Bindings bindings_;
    std::unordered_map<std::string, Ha1> proven_;  // by account: the secret that its bindings were made with
    DuplicateTable accepted_;
    AskedBefore asked_;
    TimerHandle timer_;
};

}  // namespace trunkline::sip
