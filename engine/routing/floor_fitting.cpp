// Who fits what: a pool looks for its seats, and a seat for its pools, only where they can be.
#include "engine/routing/floor.hpp"

namespace trunkline::routing {
namespace {

using Kind = IndexKey::Kind;

}  // namespace

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
        if (pool.match->meets(person)) found.push_back(&person);
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
        for (const auto* person : skilled)  // who meets the expression, wherever he sits
            for (const DnId dn : seats_of(person->id))
                if (Seat& there = *seat(dn); there.who.tenant == pool.tenant) found.push_back(&there);
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
    const std::uint64_t fitting = ++last_fitting_;
    fronts_[pool.slot].fitting = fitting;
    if (!pool.match) return;
    pool.filed = key_of(pool);
    if (pool.filed.kind != Kind::nobody) pools_by_[pool.filed].insert(pool.slot);
    const std::vector<const model::PersonEntry*> skilled = skilled_for(pool);
    pool.configured = configured(pool, skilled);
    const std::vector<Seat*> seats = candidates(pool, skilled);
    pool.members.clear();
    pool.members.reserve(seats.size());
    for (Seat* seat : seats) {
        if (seat->pools.size() == seat->pools.capacity())
            std::erase_if(seat->pools,
                          [&](const PoolRef& ref) { return fronts_[ref.slot].fitting != ref.fitting; });
        seat->pools.push_back({pool.slot, fitting});
        pool.members.push_back(seat->place);
    }
    std::sort(pool.members.begin(), pool.members.end());
}

void Floor::join(Seat& seat, Pool& pool) {
    seat.pools.push_back({pool.slot, fronts_[pool.slot].fitting});
    pool.members.insert(std::lower_bound(pool.members.begin(), pool.members.end(), seat.place), seat.place);
    if (fronts_[pool.slot].in_order) enter(seat, pool);
}

}  // namespace trunkline::routing
