// Seats: who comes, goes and changes.
#include "engine/routing/floor.hpp"

namespace trunkline::routing {
namespace {

using Kind = IndexKey::Kind;

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
        case Ability::reserved:
            return "reserved";
        case Ability::do_not_disturb:
            return "do_not_disturb";
        case Ability::wrong_media:
            break;
    }
    return "media";
}

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
    ++changes_;
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
        fronts_[pool->slot].fitting = 0;
        let_go_of_orders(*pool);
        pool->kept = 0;
        pool->members.clear();
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
    if (free_places_.empty()) {
        seat.place = static_cast<std::uint32_t>(index_.size());
        index_.emplace_back();
    } else {
        seat.place = free_places_.back();
        free_places_.pop_back();
    }
    show(seat);
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
    ++changes_;
    for (const PoolRef& ref : seat.pools) {
        if (fronts_[ref.slot].fitting != ref.fitting) continue;
        Pool& pool = *slots_[ref.slot];
        if (fronts_[ref.slot].in_order) leave(seat, pool);
        pool.members.erase(std::lower_bound(pool.members.begin(), pool.members.end(), seat.place));
    }
    for (const IndexKey& key : keys_of(seat.who)) {
        const auto there = seats_by_.find(key);
        if (there == seats_by_.end()) continue;
        there->second.erase(dn);
        if (there->second.empty()) seats_by_.erase(there);
    }
    const auto at = by_agent_.find(seat.who.agent);
    at->second.erase(dn);
    if (at->second.empty()) by_agent_.erase(at);
    index_[seat.place] = {};
    free_places_.push_back(seat.place);
    seats_.erase(found);
}

void Floor::set(DnId dn, const Standing& standing) {
    const auto found = seats_.find(dn);
    if (found == seats_.end()) return;
    Seat& seat = found->second;
    if (seat.standing == standing) return;
    std::erase_if(seat.pools, [&](const PoolRef& ref) { return fronts_[ref.slot].fitting != ref.fitting; });
    for (const PoolRef& ref : seat.pools)
        if (fronts_[ref.slot].in_order) leave(seat, *slots_[ref.slot]);
    if (!same_view(seat.standing, standing)) seat.figures.clear();
    seat.standing = standing;
    show(seat);
    for (const PoolRef& ref : seat.pools)
        if (fronts_[ref.slot].in_order) enter(seat, *slots_[ref.slot]);
}

std::int64_t Floor::idle_order(const Standing& standing) {
    return standing.idle_since.time_since_epoch().count() + (standing.busy() ? SeatKey::after_the_idle : 0);
}

// To the index, which whoever looks through a pool reads.
void Floor::show(Seat& seat) {
    const Standing& standing = seat.standing;
    index_[seat.place] = {standing.ability == Ability::able
                              ? idle_order(standing)
                              : Glance::not_able + static_cast<std::int64_t>(standing.ability),
                          seat.who.agent, seat.who.dn, &seat};
    ++changes_;
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

}  // namespace trunkline::routing
