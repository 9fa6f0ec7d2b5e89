#include "engine/routing/floor.hpp"

#include <algorithm>
#include <cmath>

namespace trunkline::routing {
namespace {

// Pools that nobody waits in: so many, and so many seats in all of them (about 70 bytes each).
constexpr std::size_t most_idle_pools = 10'000;
constexpr std::size_t most_idle_seats = 4'000'000;
constexpr std::size_t most_orderings = 8;  // of one pool

using Kind = IndexKey::Kind;

std::int64_t idle_order(const Standing& standing) {
    return standing.idle_since.time_since_epoch().count() + (standing.busy() ? SeatKey::after_the_idle : 0);
}

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

// Seats are filed by what no other index finds.
bool finds_seats(Kind kind) { return kind == Kind::place || kind == Kind::queue; }

// What the agent view shows; idle_since and ability are not in it.
bool same_view(const Standing& a, const Standing& b) {
    return a.load == b.load && a.state == b.state && a.ready_since == b.ready_since;
}

}  // namespace

std::string_view to_text(Ability ability) {
    switch (ability) {
        case Ability::able:
            return "able";
        case Ability::not_ready:
            return "not_ready";
        case Ability::at_capacity:
            return "capacity";
        case Ability::unreachable:
            return "unreachable";
        case Ability::wrong_media:
            break;
    }
    return "media";
}

// ---- configuration ----

void Floor::configure(model::SharedSnapshot config) {
    config_ = std::move(config);
    skill_ids_.clear();
    skilled_.clear();
    std::uint32_t at = 0;
    for (const model::PersonEntry& person : config_->persons()) {
        for (const auto& [skill, level] : person.object->skills) {
            const auto id = skill_ids_.try_emplace({person.tenant, skill}, skilled_.size()).first->second;
            if (id == skilled_.size()) skilled_.emplace_back();
            skilled_[id].push_back(at);
        }
        ++at;
    }
    seats_by_.clear();
    pools_by_.clear();
    for (auto& [dn, seat] : seats_) {
        seat.pools.clear();
        seat.figures.clear();
        for (const IndexKey& key : keys_of(seat.who))
            if (finds_seats(key.kind)) seats_by_[key].insert(dn);
    }
    idle_seats_ = 0;
    for (auto& pool : slots_) {
        if (!pool) continue;
        pool->fitting = 0;
        pool->kept = 0;
        pool->members = {};
        pool->orderings.clear();
        pool->orderings.push_back(std::make_unique<Ordering>());
        pool->match.reset();
        if (pool->users == 0) continue;
        resolve(*pool);
        fit(*pool);
    }
}

void Floor::resolve(Pool& pool) { pool.match = TargetMatch::resolve(*config_, pool.tenant, pool.target); }

// ---- seats ----

void Floor::add(const agents::Seat& given) {
    remove(given.dn);
    Seat& seat = seats_[given.dn];
    seat.who = {given.agent, given.dn, given.tenant, given.place, given.queue};
    by_agent_[given.agent].insert(given.dn);
    for (const IndexKey& key : keys_of(seat.who)) {
        if (finds_seats(key.kind)) seats_by_[key].insert(given.dn);
        const auto filed = pools_by_.find(key);
        if (filed == pools_by_.end()) continue;
        for (const std::uint32_t slot : filed->second)
            if (fits(*slots_[slot], seat)) join(seat, *slots_[slot]);
    }
}

void Floor::remove(DnId dn) {
    const auto found = seats_.find(dn);
    if (found == seats_.end()) return;
    Seat& seat = found->second;
    for (const PoolRef& ref : seat.pools)
        if (Pool* pool = pool_of(ref)) leave(seat, *pool);
    for (const IndexKey& key : keys_of(seat.who)) {
        const auto there = seats_by_.find(key);
        if (there == seats_by_.end()) continue;
        there->second.erase(dn);
        if (there->second.empty()) seats_by_.erase(there);
    }
    const auto at = by_agent_.find(seat.who.agent);
    at->second.erase(dn);
    if (at->second.empty()) by_agent_.erase(at);
    seats_.erase(found);
}

void Floor::set(DnId dn, const Standing& standing) {
    const auto found = seats_.find(dn);
    if (found == seats_.end()) return;
    Seat& seat = found->second;
    if (seat.standing == standing) return;
    std::erase_if(seat.pools, [&](const PoolRef& ref) { return pool_of(ref) == nullptr; });
    for (const PoolRef& ref : seat.pools) leave(seat, *pool_of(ref));
    if (!same_view(seat.standing, standing)) seat.figures.clear();
    seat.standing = standing;
    for (const PoolRef& ref : seat.pools) enter(seat, *pool_of(ref));
}

const Floor::Seat* Floor::seat(DnId dn) const {
    const auto found = seats_.find(dn);
    return found == seats_.end() ? nullptr : &found->second;
}

Floor::Seat* Floor::seat(DnId dn) { return const_cast<Seat*>(std::as_const(*this).seat(dn)); }

const std::set<DnId>& Floor::seats_of(PersonId agent) const {
    static const std::set<DnId> nowhere;
    const auto found = by_agent_.find(agent);
    return found == by_agent_.end() ? nowhere : found->second;
}

bool Floor::fits(const Pool& pool, const Seat& seat) const {
    return pool.match && pool.match->fits(*config_, seat.who);
}

// ---- pools ----

Pool* Floor::acquire(TenantId tenant, const Target& target) {
    const auto known = at_.find({tenant, target});
    Pool* pool = known == at_.end() ? nullptr : known->second;
    if (pool == nullptr) {
        auto made = std::make_unique<Pool>();
        pool = made.get();
        pool->tenant = tenant;
        pool->target = target;
        pool->orderings.push_back(std::make_unique<Ordering>());
        resolve(*pool);
        if (!pool->match) return nullptr;
        pool->text = to_text(target);
        if (free_slots_.empty()) {
            pool->slot = static_cast<std::uint32_t>(slots_.size());
            slots_.push_back(std::move(made));
        } else {
            pool->slot = free_slots_.back();
            free_slots_.pop_back();
            slots_[pool->slot] = std::move(made);
        }
        at_.emplace(std::pair(tenant, target), pool);
    } else {
        if (pool->fitting == 0) resolve(*pool);
        if (!pool->match) return nullptr;
    }
    if (pool->users++ == 0 && idle_.erase({pool->used, pool->slot}) > 0) idle_seats_ -= pool->kept;
    if (pool->fitting == 0) fit(*pool);
    return pool;
}

void Floor::release(Pool& pool) {
    if (--pool.users > 0) return;
    pool.used = ++last_use_;
    pool.kept = pool.seats();
    idle_.emplace(pool.used, pool.slot);
    idle_seats_ += pool.kept;
    keep_within_bounds();
}

void Floor::keep_within_bounds() {
    while (!idle_.empty() && (idle_.size() > most_idle_pools || idle_seats_ > most_idle_seats))
        drop(*slots_[idle_.begin()->second]);
}

void Floor::drop(Pool& pool) {
    idle_.erase({pool.used, pool.slot});
    idle_seats_ -= pool.kept;
    const auto filed = pools_by_.find(pool.filed);
    if (filed != pools_by_.end()) {
        filed->second.erase(pool.slot);
        if (filed->second.empty()) pools_by_.erase(filed);
    }
    at_.erase({pool.tenant, pool.target});
    free_slots_.push_back(pool.slot);
    slots_[pool.slot].reset();  // its seats find out when they are next touched
}

const Pool* Floor::find(TenantId tenant, const Target& target) const {
    const auto known = at_.find({tenant, target});
    return known == at_.end() ? nullptr : known->second;
}

// ---- who fits what ----

std::vector<IndexKey> Floor::keys_of(const Sitting& who) const {
    std::vector<IndexKey> keys{{Kind::everybody, 0},
                               {Kind::agent, who.agent.value()},
                               {Kind::place, who.place.value()},
                               {Kind::dn, who.dn.value()},
                               {Kind::queue, who.queue.value()}};
    const auto* person = config_ ? config_->person(who.agent) : nullptr;
    if (person == nullptr) return keys;
    for (const auto& [skill, level] : person->object->skills) {
        const auto id = skill_ids_.find({who.tenant, skill});
        if (id != skill_ids_.end()) keys.push_back({Kind::skill, id->second});
    }
    return keys;
}

// Of the skills that whoever fits has, the one that fewest have here; a skill that no person has: nobody.
IndexKey Floor::rarest_skill(const Pool& pool) const {
    IndexKey rarest{Kind::everybody, 0};
    std::size_t fewest = 0;
    for (const std::string& skill : pool.match->expression()->required()) {
        const auto id = skill_ids_.find({pool.tenant, skill});
        if (id == skill_ids_.end()) return {Kind::nobody, 0};
        const std::size_t count = skilled_[id->second].size();
        if (rarest.kind == Kind::everybody || count < fewest) {
            rarest = {Kind::skill, id->second};
            fewest = count;
        }
    }
    return rarest;
}

IndexKey Floor::key_of(const Pool& pool) const {
    if (!pool.match) return {};
    const TargetMatch& match = *pool.match;
    if (match.expression()) return rarest_skill(pool);
    if (match.dn()) return {Kind::dn, match.dn().value()};
    if (match.queue()) return {Kind::queue, match.queue().value()};
    if (match.single()) return {Kind::agent, match.agents().begin()->value()};
    if (match.places().size() == 1) return {Kind::place, match.places().begin()->value()};
    return {Kind::everybody, 0};
}

// Who meets the expression: of those who have every skill that it takes, found by cutting their lists.
std::vector<const model::PersonEntry*> Floor::skilled_for(const Pool& pool) const {
    std::vector<const model::PersonEntry*> found;
    if (!pool.match->expression() || pool.filed.kind == Kind::nobody) return found;
    const auto take = [&](const model::PersonEntry& person) {
        if (pool.match->fits(*config_, {person.id, {}, person.tenant, {}, {}})) found.push_back(&person);
    };
    if (pool.filed.kind != Kind::skill) {
        for (const model::PersonEntry& person : config_->persons()) take(person);
        return found;
    }
    std::vector<std::uint32_t> have = skilled_[pool.filed.id], both;
    for (const std::string& skill : pool.match->expression()->required()) {
        const std::vector<std::uint32_t>& others = skilled_[skill_ids_.at({pool.tenant, skill})];
        both.clear();
        std::set_intersection(have.begin(), have.end(), others.begin(), others.end(),
                              std::back_inserter(both));
        have.swap(both);
    }
    for (const std::uint32_t at : have) take(config_->persons()[at]);
    return found;
}

std::size_t Floor::configured(const Pool& pool, const std::vector<const model::PersonEntry*>& skilled) const {
    if (!pool.match->expression()) return pool.match->agents().size();
    return static_cast<std::size_t>(std::count_if(
        skilled.begin(), skilled.end(), [](const auto* person) { return person->object->is_agent; }));
}

std::vector<Floor::Seat*> Floor::candidates(const Pool& pool,
                                            const std::vector<const model::PersonEntry*>& skilled) {
    std::vector<Seat*> found;
    const auto take_all = [&](const auto& dns) {
        for (const DnId dn : dns)
            if (Seat* there = seat(dn); there != nullptr && fits(pool, *there)) found.push_back(there);
    };
    const auto take_key = [&](const IndexKey& key) {
        if (const auto there = seats_by_.find(key); there != seats_by_.end()) take_all(there->second);
    };
    const TargetMatch& match = *pool.match;
    if (match.expression()) {
        for (const auto* person : skilled) take_all(seats_of(person->id));
    } else if (match.dn()) {
        take_all(std::array{match.dn()});
    } else if (match.queue()) {
        take_key(pool.filed);
    } else if (!match.places().empty()) {
        for (const PlaceId place : match.places()) take_key({Kind::place, place.value()});
    } else {
        for (const PersonId agent : match.agents()) take_all(seats_of(agent));
    }
    return found;
}

void Floor::fit(Pool& pool) {
    pool.fitting = ++last_fitting_;
    if (!pool.match) return;
    pool.filed = key_of(pool);
    if (pool.filed.kind != Kind::nobody) pools_by_[pool.filed].insert(pool.slot);
    const std::vector<const model::PersonEntry*> skilled = skilled_for(pool);
    pool.configured = configured(pool, skilled);
    std::vector<Seat*> able;
    for (Seat* seat : candidates(pool, skilled)) {
        if (seat->pools.size() == seat->pools.capacity())
            std::erase_if(seat->pools, [&](const PoolRef& ref) { return pool_of(ref) == nullptr; });
        seat->pools.push_back({pool.slot, pool.fitting});
        ++pool.members[static_cast<std::size_t>(seat->standing.ability)];
        if (seat->standing.ability == Ability::able) able.push_back(seat);
    }
    fill(pool, *pool.orderings.front(), able);
}

void Floor::join(Seat& seat, Pool& pool) {
    seat.pools.push_back({pool.slot, pool.fitting});
    enter(seat, pool);
}

void Floor::enter(Seat& seat, Pool& pool) {
    ++pool.members[static_cast<std::size_t>(seat.standing.ability)];
    if (seat.standing.ability != Ability::able) return;
    for (const auto& ordering : pool.orderings) {
        const SeatKey entry = key(seat, pool, ordering->statistic);
        if (entry.rank == SeatKey::rules_out) ++ordering->ruled_out;
        ordering->able.insert(ordering->able.end(), entry);  // who was just freed is mostly the last
    }
}

void Floor::leave(const Seat& seat, Pool& pool) {
    --pool.members[static_cast<std::size_t>(seat.standing.ability)];
    if (seat.standing.ability != Ability::able) return;
    for (const auto& ordering : pool.orderings) {
        const SeatKey entry = key(const_cast<Seat&>(seat), pool, ordering->statistic);
        if (entry.rank == SeatKey::rules_out) --ordering->ruled_out;
        ordering->able.erase(entry);
    }
}

// ---- orderings ----

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

void Floor::fill(Pool& pool, Ordering& ordering, const std::vector<Seat*>& able) {
    std::vector<SeatKey> keys;
    keys.reserve(able.size());
    for (Seat* seat : able) keys.push_back(key(*seat, pool, ordering.statistic));
    std::sort(keys.begin(), keys.end(), [](const SeatKey& a, const SeatKey& b) { return a < b; });
    for (const SeatKey& entry : keys) {
        ordering.able.insert(ordering.able.end(), entry);
        if (entry.rank == SeatKey::rules_out) ++ordering.ruled_out;
    }
}

const Ordering& Floor::ordering(Pool& pool, const Statistic& statistic) {
    if (!has_ordering_of_its_own(statistic.kind)) return pool.by_idle();
    for (const auto& kept : pool.orderings)
        if (kept->statistic == statistic) {
            kept->used = ++last_use_;
            return *kept;
        }
    if (pool.orderings.size() >= most_orderings)
        pool.orderings.erase(
            std::min_element(pool.orderings.begin() + 1, pool.orderings.end(),
                             [](const auto& a, const auto& b) { return a->used < b->used; }));
    auto made = std::make_unique<Ordering>();
    made->statistic = statistic;
    made->used = ++last_use_;
    std::vector<Seat*> able;
    for (const SeatKey& entry : pool.by_idle().able) able.push_back(seat(entry.dn));
    fill(pool, *made, able);
    pool.orderings.push_back(std::move(made));
    return *pool.orderings.back();
}

agents::AgentView Floor::view(const Seat& seat) const {
    agents::AgentView view;
    if (const auto* person = config_->person(seat.who.agent)) {
        view.user_name = person->object->user_name;
        view.skills = &person->object->skills;
    }
    view.load = seat.standing.load;
    view.state = seat.standing.state;
    view.ready_since = seat.standing.ready_since;
    return view;
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
    for (auto& pool : slots_)
        if (pool)
            std::erase_if(pool->orderings,
                          [](const auto& o) { return o->statistic.kind == StatisticKind::script; });
    for (auto& [dn, seat] : seats_) seat.figures.clear();
}

void Floor::offered(Pool& pool, PersonId agent, TimePoint now) {
    const bool in_turn = std::any_of(pool.orderings.begin(), pool.orderings.end(), [](const auto& o) {
        return o->statistic.kind == StatisticKind::round_robin;
    });
    if (!in_turn) return;
    std::vector<Seat*> his;
    for (const DnId dn : seats_of(agent))
        if (Seat* there = seat(dn); fits(pool, *there)) his.push_back(there);
    for (const Seat* there : his) leave(*there, pool);
    pool.turns[agent] = {++last_turn_, now};
    for (Seat* there : his) enter(*there, pool);
}

void Floor::inconsistencies(std::vector<std::string>& broken) const {
    for (const auto& pool : slots_) {
        if (!pool || pool->fitting == 0) continue;
        std::array<std::size_t, abilities> members{};
        for (const auto& [dn, seat] : seats_) {
            if (!fits(*pool, seat)) continue;
            ++members[static_cast<std::size_t>(seat.standing.ability)];
            const bool able = seat.standing.ability == Ability::able;
            const SeatKey entry{0, idle_order(seat.standing), seat.who.agent, dn};
            if (able != (pool->by_idle().able.count(entry) > 0))
                broken.push_back("pool " + pool->text + " is wrong about the agent at DN " +
                                 std::to_string(dn.value()));
        }
        if (members != pool->members) broken.push_back("pool " + pool->text + " miscounts its agents");
        for (const auto& ordering : pool->orderings)
            if (ordering->able.size() != members[static_cast<std::size_t>(Ability::able)])
                broken.push_back("an ordering of pool " + pool->text + " holds others than the able agents");
    }
}

}  // namespace trunkline::routing
