// Pools: who asks for one, which of them are kept, and the lines in them.
#include "engine/routing/floor.hpp"

namespace trunkline::routing {
namespace {

// Pools that nobody waits in: so many, and so many seats in all of them (about 25 bytes each, 100 where in
// order).
constexpr std::size_t most_idle_pools = 10'000;
constexpr std::size_t most_idle_seats = 8'000'000;

}  // namespace

Pool* Floor::acquire(TenantId tenant, const Target& target) {
    const auto known = at_.find({tenant, target});
    Pool* pool = known == at_.end() ? nullptr : known->second;
    if (pool == nullptr) {
        auto made = std::make_unique<Pool>();
        pool = made.get();
        pool->tenant = tenant;
        pool->target = target;
        resolve(*pool);
        if (!pool->match) return nullptr;
        pool->text = to_text(target);
        if (free_slots_.empty()) {
            pool->slot = static_cast<std::uint32_t>(slots_.size());
            slots_.push_back(std::move(made));
            fronts_.emplace_back();
        } else {
            pool->slot = free_slots_.back();
            free_slots_.pop_back();
            slots_[pool->slot] = std::move(made);
        }
        at_.emplace(std::pair(tenant, target), pool);
    } else {
        if (!fitted(*pool)) resolve(*pool);
        if (!pool->match) return nullptr;
    }
    if (pool->users++ == 0 && pool->idle) {
        idle_.erase(*pool->idle);
        pool->idle.reset();
        idle_seats_ -= pool->kept;
    }
    if (!fitted(*pool)) fit(*pool);
    return pool;
}

void Floor::release(Pool& pool) {
    if (--pool.users > 0) return;
    pool.kept = pool.members.size();
    pool.idle = idle_.insert(idle_.end(), pool.slot);
    idle_seats_ += pool.kept;
    keep_within_bounds();
}

void Floor::keep_within_bounds() {
    while (!idle_.empty() && (idle_.size() > most_idle_pools || idle_seats_ > most_idle_seats))
        drop(*slots_[idle_.front()]);
}

void Floor::drop(Pool& pool) {
    idle_.erase(*pool.idle);
    idle_seats_ -= pool.kept;
    const auto filed = pools_by_.find(pool.filed);
    if (filed != pools_by_.end()) {
        filed->second.erase(pool.slot);
        if (filed->second.empty()) pools_by_.erase(filed);
    }
    at_.erase({pool.tenant, pool.target});
    free_slots_.push_back(pool.slot);
    fronts_[pool.slot] = {};
    slots_[pool.slot].reset();  // its seats find out when they are next touched
}

const Pool* Floor::find(TenantId tenant, const Target& target) const {
    const auto known = at_.find({tenant, target});
    return known == at_.end() ? nullptr : known->second;
}

// ---- lines ----

void Floor::stand_in(Pool& pool, const WaitKey& key) {
    pool.waiting.insert(key);
    Front& front = fronts_[pool.slot];
    front.waits = true;
    front.first = *pool.waiting.begin();
}

void Floor::step_out(Pool& pool, const WaitKey& key) {
    pool.waiting.erase(key);
    Front& front = fronts_[pool.slot];
    front.waits = !pool.waiting.empty();
    if (front.waits) front.first = *pool.waiting.begin();
}

}  // namespace trunkline::routing
