// Interactions that go to one DN without selection (default routing, route_to) while too much rings there: in
// order of arrival, until a ringing one ends. Each is in one queue at most.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "engine/base/ids.hpp"

namespace trunkline::routing {

/// So many offers ring at a DN at once before default routing and route_to queue there.
inline constexpr std::size_t most_ringing_at_a_dn = 3;

class DnQueues {
  public:
    void add(DnId dn, CallUuid id) {
        remove(id);
        at_.emplace(id, std::pair(dn, ++last_));
        queues_[dn].emplace(last_, id);
    }
    /// True where it was queued.
    bool remove(CallUuid id) {
        const auto found = at_.find(id);
        if (found == at_.end()) return false;
        const auto [dn, place] = found->second;
        at_.erase(found);
        const auto queue = queues_.find(dn);
        queue->second.erase({place, id});
        if (queue->second.empty()) queues_.erase(queue);
        return true;
    }
    [[nodiscard]] std::optional<CallUuid> first(DnId dn) const {
        const auto queue = queues_.find(dn);
        return queue == queues_.end() ? std::nullopt : std::optional(queue->second.begin()->second);
    }
    [[nodiscard]] bool waits(CallUuid id) const { return at_.contains(id); }
    [[nodiscard]] std::size_t size() const { return at_.size(); }
    /// The DNs where something is queued.
    template <class Visit>
    void for_each_dn(Visit&& visit) const {
        for (const auto& [dn, queue] : queues_) visit(dn);
    }

  private:
    std::uint64_t last_ = 0;
    std::map<DnId, std::set<std::pair<std::uint64_t, CallUuid>>> queues_;
    std::unordered_map<CallUuid, std::pair<DnId, std::uint64_t>> at_;
};

}  // namespace trunkline::routing
