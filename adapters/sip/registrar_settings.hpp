// What the registrar is told by the composition: values and two ways out. Both are called on the SIP thread
// and must neither block nor throw.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "adapters/sip/bindings.hpp"
#include "adapters/sip/digest.hpp"

namespace trunkline::sip {

/// Who may register: a DN in its switch.
struct EndpointAccount {
    std::string name;  // of no other account, and the same over a restart: bindings are kept under it
    Ha1 secret;
};

struct RegistrarSettings {
    /// The realm of the digest: the same that the secrets were made for.
    std::string realm = "trunkline";
    /// The account of the DN `number` where a request for `host` ends; nothing for a DN that has no password.
    /// Empty: nobody can register (405).
    std::function<std::optional<EndpointAccount>(const std::string& host, const std::string& number)>
        account_of;
    /// The secret of an account by its name; nothing where it is gone. Empty: accounts stay as they are.
    std::function<std::optional<Ha1>(const std::string& name)> secret_of;
    /// Where the newest binding of an account is now; an empty contact where none is left.
    std::function<void(const std::string& name, const std::string& contact, const std::string& route)> bound;
    /// Keeps bindings over a restart; null: they are not kept.
    std::shared_ptr<BindingStore> store;
    /// Seconds that a binding may ask for: less is refused with 423, more becomes this much.
    std::int64_t least_expiry = 60;
    std::int64_t longest_expiry = 3600;
};

}  // namespace trunkline::sip
