// Orders: what a look at a pool shows, and the orders that large pools keep while they are often asked.
#include <cmath>

#include "engine/routing/floor.hpp"

namespace trunkline::routing {
namespace {

constexpr std::size_t most_orderings = 8;  // of one pool
constexpr std::size_t ahead = 16;          // seats that are fetched while one is looked at

bool has_ordering_of_its_own(StatisticKind kind) {
    switch (kind) {
        case StatisticKind::loading:
        case StatisticKind::loading_media:
        case StatisticKind::round_robin:
        case StatisticKind::skill:
        case StatisticKind::script:
            return true;
        default:
            return false;
    }
}

const Statistic longest_idle;

}  // namespace

void Floor::look(Pool& pool, const Statistic& asked, Look& into) {
    const Statistic& statistic = has_ordering_of_its_own(asked.kind) ? asked : longest_idle;
    if (statistic.kind == StatisticKind::round_robin) pool.in_turn = true;
    if (const Ordering* kept = kept_order(pool, statistic)) {
        into.at_kept(*kept, pool.counted);
        return;
    }
    into.at_nothing();
    const bool by_idle = statistic.kind == StatisticKind::time_in_ready_state;
    for (std::size_t n = 0; n < pool.members.size(); ++n) {
        // They lie far apart in memory, in an order that only we know.
        if (n + ahead < pool.members.size()) __builtin_prefetch(&index_[pool.members[n + ahead]]);
        const Glance& seat = index_[pool.members[n]];
        if (!seat.able())
            into.add_unable(seat.ability());
        else
            into.add(by_idle ? SeatKey{0, seat.order, seat.agent, seat.dn}
                             : key(*seat.seat, pool, statistic));
    }
}

std::size_t Floor::able(const Pool& pool) const {
    return static_cast<std::size_t>(std::count_if(pool.members.begin(), pool.members.end(),
                                                  [&](std::uint32_t place) { return index_[place].able(); }));
}

std::size_t Floor::pools_in_order() const {
    return static_cast<std::size_t>(
        std::count_if(fronts_.begin(), fronts_.end(), [](const Front& front) { return front.in_order; }));
}

// ---- which orders are kept ----

// An order pays where keeping it up between two asks costs less than looking through the pool at each. Of the
// changes since the last ask, members / seats were the pool's; that share falls out of the comparison.
const Ordering* Floor::kept_order(Pool& pool, const Statistic& statistic) {
    const std::uint64_t changes = changes_ - pool.asked_at;
    pool.asked_at = changes_;
    if (pool.orderings.empty()) {
        const bool pays =
            pool.members.size() > upkeep_.looked_through && changes * upkeep_.seats_a_change <= seats_.size();
        pool.often = pays ? pool.often + 1 : 0;
        if (pool.often < upkeep_.asks) return nullptr;
    }
    for (const auto& kept : pool.orderings)
        if (kept->statistic == statistic) {
            kept->used = ++last_use_;
            return kept.get();
        }
    if (pool.orderings.size() >= most_orderings)
        pool.orderings.erase(
            std::min_element(pool.orderings.begin(), pool.orderings.end(),
                             [](const auto& a, const auto& b) { return a->used < b->used; }));
    std::unique_ptr<Ordering> made = make_order(pool, statistic);
    pool.orderings.push_back(std::move(made));
    return pool.orderings.back().get();
}

std::unique_ptr<Ordering> Floor::make_order(Pool& pool, const Statistic& statistic) {
    auto made = std::make_unique<Ordering>();
    made->statistic = statistic;
    made->used = ++last_use_;
    std::vector<SeatKey> keys;
    pool.counted = {};
    for (const std::uint32_t place : pool.members) {
        const Glance& seat = index_[place];
        ++pool.counted[static_cast<std::size_t>(seat.ability())];
        if (seat.able()) keys.push_back(key(*seat.seat, pool, statistic));
    }
    std::sort(keys.begin(), keys.end(), std::less<>());
    for (const SeatKey& entry : keys) {
        made->able.insert(made->able.end(), entry);
        if (entry.rank == SeatKey::rules_out) ++made->ruled_out;
    }
    fronts_[pool.slot].in_order = true;
    return made;
}

void Floor::let_go_of_orders(Pool& pool) {
    pool.orderings.clear();
    pool.counted = {};
    pool.often = 0;
    fronts_[pool.slot].in_order = false;
}

// ---- a seat in the orders of a pool ----

void Floor::enter(Seat& seat, Pool& pool) {
    ++pool.counted[static_cast<std::size_t>(seat.standing.ability)];
    if (seat.standing.ability != Ability::able) return;
    for (const auto& ordering : pool.orderings) {
        const SeatKey entry = key(seat, pool, ordering->statistic);
        if (entry.rank == SeatKey::rules_out) ++ordering->ruled_out;
        ordering->able.insert(ordering->able.end(), entry);  // who was just freed is mostly the last
    }
}

void Floor::leave(const Seat& seat, Pool& pool) {
    if ((changes_ - pool.asked_at) * upkeep_.seats_a_change > upkeep_.asks * seats_.size()) {
        let_go_of_orders(pool);  // nobody has asked for long
        return;
    }
    --pool.counted[static_cast<std::size_t>(seat.standing.ability)];
    if (seat.standing.ability != Ability::able) return;
    for (const auto& ordering : pool.orderings) {
        const SeatKey entry = key(const_cast<Seat&>(seat), pool, ordering->statistic);
        if (entry.rank == SeatKey::rules_out) --ordering->ruled_out;
        ordering->able.erase(entry);
    }
}

SeatKey Floor::key(Seat& seat, const Pool& pool, const Statistic& statistic) {
    double rank = 0;
    switch (statistic.kind) {
        case StatisticKind::loading:
            rank = seat.standing.load.total();
            break;
        case StatisticKind::loading_media:
            rank = seat.standing.load.chat;
            break;
        case StatisticKind::round_robin:
            if (const auto turn = pool.turns.find(seat.who.agent); turn != pool.turns.end())
                rank = static_cast<double>(turn->second.number);
            break;
        case StatisticKind::skill:
            if (const auto* person = config_->person(seat.who.agent))
                if (const auto level = person->object->skills.find(statistic.argument);
                    level != person->object->skills.end())
                    rank = -level->second;
            break;
        case StatisticKind::script: {
            const std::optional<double> given = figure(seat, statistic.argument);
            rank = given ? -*given : SeatKey::rules_out;
            break;
        }
        default:
            break;
    }
    return {rank, idle_order(seat.standing), seat.who.agent, seat.who.dn};
}

std::optional<double> Floor::figure(Seat& seat, const std::string& script) {
    for (const auto& [known, value] : seat.figures)
        if (known == script) return value;
    std::optional<double> value = ask_ ? ask_(script, view(seat)) : std::nullopt;
    if (value && !std::isfinite(*value)) value.reset();
    seat.figures.emplace_back(script, value);
    return value;
}

void Floor::forget_figures() {
    for (auto& pool : slots_) {
        if (!pool) continue;
        std::erase_if(pool->orderings,
                      [](const auto& o) { return o->statistic.kind == StatisticKind::script; });
        if (pool->orderings.empty()) let_go_of_orders(*pool);
    }
    for (auto& [dn, seat] : seats_) seat.figures.clear();
}

void Floor::offered(Pool& pool, PersonId agent, TimePoint now) {
    if (!pool.in_turn) return;
    std::vector<Seat*> his;
    for (const DnId dn : seats_of(agent))
        if (Seat* there = seat(dn); fits(pool, *there)) his.push_back(there);
    if (his.empty()) return;
    for (const Seat* there : his)
        if (fronts_[pool.slot].in_order) leave(*there, pool);
    pool.turns[agent] = {++last_turn_, now};
    for (Seat* there : his)
        if (fronts_[pool.slot].in_order) enter(*there, pool);
}

}  // namespace trunkline::routing
