// What must hold between seats, pools and orders: tests ask after every step.
#include "engine/routing/floor.hpp"

namespace trunkline::routing {

void Floor::inconsistencies(std::vector<std::string>& broken) const {
    for (const auto& [dn, seat] : seats_) {
        const Glance& shown = index_[seat.place];
        if (shown.seat != &seat || shown.dn != dn || shown.agent != seat.who.agent ||
            shown.ability() != seat.standing.ability ||
            (shown.able() && shown.order != idle_order(seat.standing)))
            broken.push_back("the index of seats is wrong about DN " + std::to_string(dn.value()));
    }
    for (const auto& pool : slots_) {
        if (!pool) continue;
        const Front& front = fronts_[pool->slot];
        if (front.waits == pool->waiting.empty() || (front.waits && front.first != *pool->waiting.begin()))
            broken.push_back("pool " + pool->text + " shows another than the first of its line");
        if (fitted(*pool)) check_seats(*pool, broken);
    }
}

void Floor::check_seats(const Pool& pool, std::vector<std::string>& broken) const {
    std::vector<std::uint32_t> members;
    Abilities counted{};
    for (const auto& [dn, seat] : seats_) {
        if (!fits(pool, seat)) continue;
        members.push_back(seat.place);
        ++counted[static_cast<std::size_t>(seat.standing.ability)];
        const auto known = std::count_if(seat.pools.begin(), seat.pools.end(), [&](const PoolRef& ref) {
            return ref.slot == pool.slot && ref.fitting == fronts_[pool.slot].fitting;
        });
        if (known != 1)
            broken.push_back("the agent at DN " + std::to_string(dn.value()) + " does not know pool " +
                             pool.text);
    }
    std::sort(members.begin(), members.end());
    if (members != pool.members) broken.push_back("pool " + pool.text + " is wrong about who fits it");
    if (fronts_[pool.slot].in_order == pool.orderings.empty())
        broken.push_back("pool " + pool.text + " does not know whether it keeps an order");
    if (!pool.orderings.empty() && counted != pool.counted)
        broken.push_back("pool " + pool.text + " miscounts its agents");
    for (const auto& kept : pool.orderings) {
        std::size_t ruled_out = 0;
        for (const SeatKey& key : kept->able) {
            const Seat* there = seat(key.dn);
            if (there == nullptr || there->standing.ability != Ability::able || !fits(pool, *there) ||
                key.idle_order != idle_order(there->standing))
                broken.push_back("an order of pool " + pool.text + " is wrong about DN " +
                                 std::to_string(key.dn.value()));
            if (key.rank == SeatKey::rules_out) ++ruled_out;
        }
        if (kept->able.size() != counted[static_cast<std::size_t>(Ability::able)] ||
            kept->ruled_out != ruled_out)
            broken.push_back("an order of pool " + pool.text + " holds others than the able agents");
    }
}

}  // namespace trunkline::routing
