// Where agents' endpoints can be reached: the contacts that they registered, each until it expires (RFC 3261
// 10.3). One thread; seconds since the epoch are handed in, for a binding outlives a restart. Bounded: so
// many an account ("DN" below stands for its name).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace trunkline::sip {

struct Binding {
    std::string contact;       // the URI
    std::int64_t expires = 0;  // seconds since the epoch
    std::string call_id;
    std::uint32_t cseq = 0;
    std::string route;  // where it registered from: the way to an endpoint behind a NAT
    friend bool operator==(const Binding&, const Binding&) = default;
};

/// Keeps bindings over a restart. Both are called on the SIP thread; save() after each change, with all that
/// one DN has now: it must not block for long, and neither throws.
class BindingStore {
  public:
    using All = std::map<std::string, std::vector<Binding>>;  // by DN
    virtual ~BindingStore() = default;
    [[nodiscard]] virtual All load() = 0;
    virtual void save(const std::string& dn, const std::vector<Binding>& bindings) = 0;
};

class Bindings {
  public:
    static constexpr std::size_t most_of_a_dn = 10;
    using Seconds = std::int64_t;

    enum class Change { done, out_of_order, too_many };

    void restore(BindingStore::All all, Seconds now);
    /// Replaces each binding of the same contact and adds the others; one that expires now goes. All or none
    /// of them: a request that is older than what is there, or would be one too many, changes nothing.
    [[nodiscard]] Change put(const std::string& dn, const std::vector<Binding>& bindings, Seconds now);
    /// Removes all ("Contact: *"), unless the request is older than one of them.
    [[nodiscard]] Change clear(const std::string& dn, const std::string& call_id, std::uint32_t cseq);
    /// What is bound now, the newest last.
    [[nodiscard]] std::vector<Binding> of(const std::string& dn, Seconds now) const;
    /// Forgets all that an account has.
    void drop(const std::string& dn) { bindings_.erase(dn); }
    /// Forgets what is over; the DNs that it was of.
    [[nodiscard]] std::vector<std::string> expire(Seconds now);
    /// When the next one is over; nothing where none is bound.
    [[nodiscard]] std::optional<Seconds> next_expiry() const;
    [[nodiscard]] const BindingStore::All& all() const { return bindings_; }

  private:
    BindingStore::All bindings_;
};

}  // namespace trunkline::sip
