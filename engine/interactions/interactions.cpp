#include "engine/interactions/interactions.hpp"

namespace trunkline::interactions {

Interaction& Interactions::add(Interaction interaction) {
    auto owned = std::make_unique<Interaction>(std::move(interaction));
    Interaction& added = *owned;
    by_conn_.emplace(added.conn_id, &added);
    by_leg_.emplace(added.leg.key, &added);
    by_id_.emplace(added.id, std::move(owned));
    return added;
}

Interaction* Interactions::find(CallUuid id) {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second.get();
}

const Interaction* Interactions::find(CallUuid id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second.get();
}

Interaction* Interactions::find(ConnId id) {
    const auto found = by_conn_.find(id);
    return found == by_conn_.end() ? nullptr : found->second;
}

const Interaction* Interactions::find(ConnId id) const {
    const auto found = by_conn_.find(id);
    return found == by_conn_.end() ? nullptr : found->second;
}

Interaction* Interactions::find_leg(const std::string& leg_key) {
    const auto found = by_leg_.find(leg_key);
    return found == by_leg_.end() ? nullptr : found->second;
}

void Interactions::remove(CallUuid id, TimePoint now, TimePoint remember_until) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return;
    const Interaction& gone = *found->second;
    remember(gone.leg.key, id, now, remember_until);
    by_conn_.erase(gone.conn_id);
    by_leg_.erase(gone.leg.key);
    by_id_.erase(found);
}

void Interactions::remember(const std::string& leg_key, CallUuid id, TimePoint now, TimePoint until) {
    forget_closed(now);
    closed_.insert_or_assign(leg_key, Closed{id, until});
    closed_order_.emplace_back(until, leg_key);
}

CallUuid Interactions::last_of(const std::string& leg_key, TimePoint now) const {
    const auto found = closed_.find(leg_key);
    return found == closed_.end() || found->second.until < now ? CallUuid{} : found->second.last;
}

void Interactions::forget_closed(TimePoint now) {
    while (!closed_order_.empty() &&
           (closed_order_.front().first < now || closed_order_.size() >= max_closed)) {
        const auto found = closed_.find(closed_order_.front().second);
        // A later session on the same leg has moved the time on; its own entry in the order forgets it.
        if (found != closed_.end() && found->second.until == closed_order_.front().first)
            closed_.erase(found);
        closed_order_.pop_front();
    }
}

}  // namespace trunkline::interactions
