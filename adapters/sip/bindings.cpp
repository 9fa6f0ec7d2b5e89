#include "adapters/sip/bindings.hpp"

#include <algorithm>

namespace trunkline::sip {
namespace {

void drop_expired(std::vector<Binding>& bindings, Bindings::Seconds now) {
    std::erase_if(bindings, [now](const Binding& one) { return one.expires <= now; });
}

/// A request of the same client that it had sent before the one we know (RFC 3261 10.3 7).
bool is_older(const Binding& known, const std::string& call_id, std::uint32_t cseq) {
    return known.call_id == call_id && cseq <= known.cseq;
}

}  // namespace

void Bindings::restore(BindingStore::All all, Seconds now) {
    bindings_ = std::move(all);
    (void)expire(now);
}

Bindings::Change Bindings::put(const std::string& dn, const std::vector<Binding>& bindings, Seconds now) {
    const auto found = bindings_.find(dn);
    std::vector<Binding> there = found == bindings_.end() ? std::vector<Binding>() : found->second;
    drop_expired(there, now);
    for (const Binding& one : bindings) {
        const auto same = std::find_if(there.begin(), there.end(),
                                       [&](const Binding& other) { return other.contact == one.contact; });
        if (same != there.end()) {
            if (is_older(*same, one.call_id, one.cseq)) return Change::out_of_order;
            there.erase(same);
        }
        if (one.expires > now) there.push_back(one);
    }
    if (there.size() > most_of_a_dn) return Change::too_many;
    if (there.empty()) {
        bindings_.erase(dn);
    } else {
        bindings_[dn] = std::move(there);
    }
    return Change::done;
}

Bindings::Change Bindings::clear(const std::string& dn, const std::string& call_id, std::uint32_t cseq) {
    const auto found = bindings_.find(dn);
    if (found == bindings_.end()) return Change::done;
    for (const Binding& one : found->second) {
        if (is_older(one, call_id, cseq)) return Change::out_of_order;
    }
    bindings_.erase(found);
    return Change::done;
}

std::vector<Binding> Bindings::of(const std::string& dn, Seconds now) const {
    const auto found = bindings_.find(dn);
    if (found == bindings_.end()) return {};
    std::vector<Binding> there = found->second;
    drop_expired(there, now);
    return there;
}

std::vector<std::string> Bindings::expire(Seconds now) {
    std::vector<std::string> changed;
    for (auto one = bindings_.begin(); one != bindings_.end();) {
        const std::size_t before = one->second.size();
        drop_expired(one->second, now);
        if (one->second.size() != before) changed.push_back(one->first);
        one = one->second.empty() ? bindings_.erase(one) : std::next(one);
    }
    return changed;
}

std::optional<Bindings::Seconds> Bindings::next_expiry() const {
    std::optional<Seconds> next;
    for (const auto& [dn, bindings] : bindings_) {
        for (const Binding& one : bindings) next = std::min(next.value_or(one.expires), one.expires);
    }
    return next;
}

}  // namespace trunkline::sip
