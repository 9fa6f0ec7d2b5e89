#include "engine/agents/agents.hpp"

#include <algorithm>

namespace trunkline::agents {

Seat* Agents::seat(DnId dn) {
    const auto found = seats_.find(dn);
    return found == seats_.end() ? nullptr : &found->second;
}

const Seat* Agents::seat(DnId dn) const {
    const auto found = seats_.find(dn);
    return found == seats_.end() ? nullptr : &found->second;
}

const std::vector<DnId>& Agents::seats_of(PersonId agent) const {
    static const std::vector<DnId> nowhere;
    const auto found = by_agent_.find(agent);
    return found == by_agent_.end() ? nowhere : found->second;
}

Seat& Agents::log_in(Seat seat) {
    by_agent_[seat.agent].push_back(seat.dn);
    return seats_.insert_or_assign(seat.dn, std::move(seat)).first->second;
}

void Agents::log_out(DnId dn) {
    const auto found = seats_.find(dn);
    if (found == seats_.end()) return;
    const auto at = by_agent_.find(found->second.agent);
    std::erase(at->second, dn);
    if (at->second.empty()) by_agent_.erase(at);
    seats_.erase(found);
}

SlotId Agents::take(Slot slot) {
    const SlotId id(++last_slot_);
    if (slot.agent) ++in_hand_[slot.agent].load.of(slot.media);
    on_dn_[slot.dn].insert(id);
    slots_.emplace(id, slot);
    return id;
}

std::optional<Slot> Agents::give_back(SlotId& given) {
    const SlotId id = std::exchange(given, SlotId{});
    const auto found = slots_.find(id);
    if (found == slots_.end()) return std::nullopt;
    const Slot slot = found->second;
    slots_.erase(found);
    if (slot.agent) {
        const auto in_hand = in_hand_.find(slot.agent);
        --in_hand->second.load.of(slot.media);
        if (slot.established) --in_hand->second.established;
        if (in_hand->second.load.total() == 0) in_hand_.erase(in_hand);
    }
    const auto on_dn = on_dn_.find(slot.dn);
    on_dn->second.erase(id);
    if (on_dn->second.empty()) on_dn_.erase(on_dn);
    return slot;
}

void Agents::establish(SlotId id) {
    const auto found = slots_.find(id);
    if (found == slots_.end() || found->second.established) return;
    found->second.established = true;
    if (found->second.agent) ++in_hand_[found->second.agent].established;
}

const Slot* Agents::slot(SlotId id) const {
    const auto found = slots_.find(id);
    return found == slots_.end() ? nullptr : &found->second;
}

Load Agents::load(PersonId agent) const {
    const auto found = in_hand_.find(agent);
    return found == in_hand_.end() ? Load{} : found->second.load;
}

int Agents::established(PersonId agent) const {
    const auto found = in_hand_.find(agent);
    return found == in_hand_.end() ? 0 : found->second.established;
}

int Agents::slots_on(DnId dn) const { return static_cast<int>(slots_of(dn).size()); }

const std::set<SlotId>& Agents::slots_of(DnId dn) const {
    static const std::set<SlotId> none;
    const auto found = on_dn_.find(dn);
    return found == on_dn_.end() ? none : found->second;
}

}  // namespace trunkline::agents
