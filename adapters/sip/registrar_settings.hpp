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

struct RegistrarSettings {
    /// The realm of the digest: the same that the secrets were made for.
    std::string realm = "trunkline";
    /// The secret of a DN's endpoint; nothing for a DN that has none. Empty: nobody can register (405).
    std::function<std::optional<Ha1>(const std::string& dn)> secret_of;
    /// Where the newest binding of a DN is now; "" where none is left.
    std::function<void(const std::string& dn, const std::string& contact)> bound;
    /// Keeps bindings over a restart; null: they are not kept.
    std::shared_ptr<BindingStore> store;
    /// Seconds that a binding may ask for: less is refused with 423, more becomes this much.
    std::int64_t least_expiry = 60;
    std::int64_t longest_expiry = 3600;
};

}  // namespace trunkline::sip
