#include "engine/routing/router.hpp"

#include <algorithm>

namespace trunkline::routing {
namespace {

constexpr std::size_t next_best_shown = 20;
// Beyond this many, agents of overlapping targets are not counted apart: the count of candidates is then
// their sum.
constexpr std::size_t counted_apart = 256;

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

std::vector<CallUuid> Router::configure(model::SharedSnapshot config) {
    config_ = std::move(config);
    for (auto& pool : pools_) {
        pool->match = TargetMatch::resolve(*config_, pool->tenant, pool->target);
        pool->configured = pool->match ? pool->match->configured(*config_) : 0;
        pool->able.clear();
        pool->members = {};
    }
    for (auto& [dn, seat] : seats_) {
        seat.pools.clear();
        for (std::size_t i = 0; i < pools_.size(); ++i) fit(seat, i);
    }
    std::vector<CallUuid> without_target;
    for (const auto& [id, w] : waiting_)
        if (!has_target(id)) without_target.push_back(id);
    std::sort(without_target.begin(), without_target.end());
    return without_target;
}

void Router::fit(SeatEntry& seat, std::size_t index) {
    Pool& pool = *pools_[index];
    if (!pool.match || !pool.match->fits(*config_, seat.seat)) return;
    seat.pools.push_back(index);
    enter(seat, pool);
}

void Router::enter(SeatEntry& seat, Pool& pool) const {
    ++pool.members[static_cast<std::size_t>(seat.ability)];
    if (seat.ability == Ability::able) pool.able.insert(seat.key());
}

void Router::leave(const SeatEntry& seat, Pool& pool) const {
    --pool.members[static_cast<std::size_t>(seat.ability)];
    if (seat.ability == Ability::able) pool.able.erase(seat.key());
}

void Router::add_seat(const agents::Seat& seat) {
    remove_seat(seat.dn);
    SeatEntry& entry = seats_[seat.dn];
    entry.seat = seat;
    for (std::size_t i = 0; i < pools_.size(); ++i) fit(entry, i);
}

void Router::remove_seat(DnId dn) {
    const auto found = seats_.find(dn);
    if (found == seats_.end()) return;
    for (const std::size_t p : found->second.pools) leave(found->second, *pools_[p]);
    seats_.erase(found);
}

void Router::set_ability(DnId dn, Ability ability, bool busy, TimePoint idle_since) {
    const auto found = seats_.find(dn);
    if (found == seats_.end()) return;
    SeatEntry& seat = found->second;
    if (seat.ability == ability && seat.busy == busy && seat.idle_since == idle_since) return;
    for (const std::size_t p : seat.pools) leave(seat, *pools_[p]);
    seat.ability = ability;
    seat.busy = busy;
    seat.idle_since = idle_since;
    for (const std::size_t p : seat.pools) enter(seat, *pools_[p]);
}

std::optional<Ability> Router::ability(DnId dn) const {
    const auto found = seats_.find(dn);
    return found == seats_.end() ? std::nullopt : std::optional(found->second.ability);
}

std::size_t Router::pool_for(TenantId tenant, const Target& target, bool& exists) {
    const auto known = pool_at_.find({tenant, target});
    if (known != pool_at_.end()) {
        exists = pools_[known->second]->match.has_value();
        return known->second;
    }
    auto match = TargetMatch::resolve(*config_, tenant, target);
    exists = match.has_value();
    if (!exists) return 0;
    auto pool = std::make_unique<Pool>();
    pool->tenant = tenant;
    pool->target = target;
    pool->text = to_text(target);
    pool->configured = match->configured(*config_);
    pool->match = std::move(match);
    const std::size_t index = pools_.size();
    pools_.push_back(std::move(pool));
    pool_at_.emplace(std::pair(tenant, target), index);
    for (auto& [dn, seat] : seats_) fit(seat, index);
    return index;
}

bool Router::add(CallUuid id, TenantId tenant, const RouteRequest& request, int priority, TimePoint entered) {
    Waiting w{id, tenant, request, priority, entered, false, {}, {}};
    for (const Target& target : request.targets) {
        bool exists = false;
        const std::size_t pool = pool_for(tenant, target, exists);
        if (exists && std::find(w.pools.begin(), w.pools.end(), pool) == w.pools.end())
            w.pools.push_back(pool);
    }
    if (w.pools.empty()) return false;
    for (const std::size_t p : w.pools) pools_[p]->waiting.insert(key_of(w));
    waiting_.insert_or_assign(id, std::move(w));
    return true;
}

void Router::remove(CallUuid id) {
    pause(id);
    waiting_.erase(id);
}

void Router::pause(CallUuid id) {
    const auto found = waiting_.find(id);
    if (found == waiting_.end() || found->second.paused) return;
    for (const std::size_t p : found->second.pools) pools_[p]->waiting.erase(key_of(found->second));
    found->second.paused = true;
}

void Router::resume(CallUuid id) {
    const auto found = waiting_.find(id);
    if (found == waiting_.end() || !found->second.paused) return;
    for (const std::size_t p : found->second.pools) pools_[p]->waiting.insert(key_of(found->second));
    found->second.paused = false;
}

void Router::set_priority(CallUuid id, int priority) {
    const auto found = waiting_.find(id);
    if (found == waiting_.end()) return;
    const bool paused = found->second.paused;
    pause(id);
    found->second.priority = priority;
    if (!paused) resume(id);
}

void Router::pass_over(CallUuid id, PersonId agent, TimePoint until, bool declined) {
    const auto found = waiting_.find(id);
    if (found == waiting_.end()) return;
    std::erase_if(found->second.passed_over, [&](const Waiting::PassedOver& p) { return p.agent == agent; });
    found->second.passed_over.push_back({agent, until, declined});
}

bool Router::takes(const Waiting& w, PersonId agent, TimePoint now, bool passed_over_too) {
    return std::none_of(w.passed_over.begin(), w.passed_over.end(), [&](const Waiting::PassedOver& p) {
        return p.agent == agent && p.until > now && (p.declined || !passed_over_too);
    });
}

const Router::SeatKey* Router::best_in(const Pool& pool, const Waiting& w, TimePoint now,
                                       bool passed_over_too) const {
    for (const SeatKey& key : pool.able)
        if (takes(w, key.agent, now, passed_over_too)) return &key;
    return nullptr;
}

std::optional<Choice> Router::agent_for(CallUuid id, TimePoint now) const {
    const auto found = waiting_.find(id);
    if (found == waiting_.end() || found->second.paused) return std::nullopt;
    const Waiting& w = found->second;
    const SeatKey* best = nullptr;
    const Pool* won = nullptr;
    // Those passed over come again once no other able agent is left; one who declined does not.
    for (const bool passed_over_too : {false, true}) {
        for (const std::size_t p : w.pools) {
            const SeatKey* here = best_in(*pools_[p], w, now, passed_over_too);
            if (here != nullptr && (best == nullptr || *here < *best)) {
                best = here;
                won = pools_[p].get();
            }
        }
        if (best != nullptr || w.passed_over.empty()) break;
    }
    if (best == nullptr) return std::nullopt;
    Choice choice;
    choice.dn = best->dn;
    choice.agent = best->agent;
    choice.busy = best->busy;
    choice.idle_since = best->idle_since;
    choice.target = won->text;
    explain(choice, w);
    return choice;
}

void Router::explain(Choice& choice, const Waiting& w) const {
    std::size_t sum = 0;
    for (const std::size_t p : w.pools) sum += pools_[p]->able.size();
    std::set<SeatKey> some;
    for (const std::size_t p : w.pools) {
        std::size_t taken = 0;
        for (const SeatKey& key : pools_[p]->able) {
            if (taken++ > next_best_shown && (w.pools.size() == 1 || sum > counted_apart)) break;
            some.insert(key);
        }
    }
    choice.candidates = w.pools.size() == 1 || sum > counted_apart ? sum : some.size();
    for (const SeatKey& key : some) {
        if (choice.next_best.size() == next_best_shown) break;
        if (key.dn != choice.dn) choice.next_best.push_back({key.agent, key.busy, key.idle_since});
    }
    for (const std::size_t p : w.pools) {
        const Pool& pool = *pools_[p];
        std::size_t logged_in = 0;
        for (std::size_t a = 0; a < abilities; ++a) {
            logged_in += pool.members[a];
            if (a != static_cast<std::size_t>(Ability::able) && pool.members[a] > 0)
                choice.ruled_out[std::string(to_text(static_cast<Ability>(a)))] += pool.members[a];
        }
        if (pool.configured > logged_in) choice.ruled_out["logged_out"] += pool.configured - logged_in;
    }
    if (!w.passed_over.empty()) choice.ruled_out["passed_over"] += w.passed_over.size();
    for (const std::size_t p : w.pools)
        if (pools_[p]->match && (w.request.explain || pools_[p]->match->single()))
            name_ruled_out(choice, p, w);
}

// Names cost a scan: asked for only where the script, a replay or a target of one agent wants them.
void Router::name_ruled_out(Choice& choice, std::size_t pool, const Waiting& w) const {
    const TargetMatch& match = *pools_[pool]->match;
    std::unordered_set<PersonId> seated;
    for (const auto& [dn, seat] : seats_) {
        seated.insert(seat.seat.agent);
        const bool fits = std::find(seat.pools.begin(), seat.pools.end(), pool) != seat.pools.end();
        const auto* person =
            fits && seat.ability != Ability::able ? config_->person(seat.seat.agent) : nullptr;
        if (person != nullptr) choice.named[person->object->user_name] = to_text(seat.ability);
    }
    const auto name_if_away = [&](const model::PersonEntry& person) {
        agents::Seat nowhere;
        nowhere.agent = person.id;
        nowhere.tenant = person.tenant;
        if (person.object->is_agent && !seated.contains(person.id) && match.fits(*config_, nowhere))
            choice.named[person.object->user_name] = "logged_out";
    };
    if (w.request.explain) {
        for (const model::PersonEntry& person : config_->persons()) name_if_away(person);
    } else {
        for (const PersonId agent : match.agents())
            if (const auto* person = config_->person(agent)) name_if_away(*person);
    }
}

std::optional<CallUuid> Router::interaction_for(DnId dn, TimePoint now) const {
    const auto found = seats_.find(dn);
    if (found == seats_.end() || found->second.ability != Ability::able) return std::nullopt;
    const WaitKey* best = nullptr;
    // First the interactions that do not pass this agent over. One that does and still waits has no other
    // able agent, so he may come again, unless he declined it.
    for (const bool passed_over_too : {false, true}) {
        for (const std::size_t p : found->second.pools) {
            for (const WaitKey& key : pools_[p]->waiting) {
                if (best != nullptr && *best < key) break;
                if (!takes(waiting_.at(key.id), found->second.seat.agent, now, passed_over_too)) continue;
                best = &key;
                break;
            }
        }
        if (best != nullptr) break;
    }
    return best == nullptr ? std::nullopt : std::optional(best->id);
}

bool Router::has_target(CallUuid id) const {
    const auto found = waiting_.find(id);
    if (found == waiting_.end()) return false;
    const std::vector<std::size_t>& pools = found->second.pools;
    return std::any_of(pools.begin(), pools.end(),
                       [&](std::size_t p) { return pools_[p]->match.has_value(); });
}

bool Router::all_declined(CallUuid id) const {
    const auto found = waiting_.find(id);
    if (found == waiting_.end()) return false;
    const Waiting& w = found->second;
    const auto declined = [&](PersonId agent) {
        return std::any_of(w.passed_over.begin(), w.passed_over.end(),
                           [&](const Waiting::PassedOver& p) { return p.agent == agent && p.declined; });
    };
    bool any = false;
    for (const auto& [dn, seat] : seats_) {
        const bool fits = std::any_of(seat.pools.begin(), seat.pools.end(), [&](std::size_t p) {
            return std::find(w.pools.begin(), w.pools.end(), p) != w.pools.end();
        });
        if (!fits) continue;
        if (!declined(seat.seat.agent)) return false;
        any = true;
    }
    return any;
}

const Router::Waiting* Router::find(CallUuid id) const {
    const auto found = waiting_.find(id);
    return found == waiting_.end() ? nullptr : &found->second;
}

std::vector<Router::PoolView> Router::pools() const {
    std::vector<PoolView> views;
    for (const auto& pool : pools_) {
        if (pool->waiting.empty()) continue;
        TimePoint oldest = pool->waiting.begin()->entered;
        for (const WaitKey& key : pool->waiting) oldest = std::min(oldest, key.entered);
        views.push_back({pool->text, pool->waiting.size(), pool->able.size(), oldest});
    }
    return views;
}

std::vector<std::string> Router::inconsistencies() const {
    std::vector<std::string> broken;
    for (const auto& [id, w] : waiting_)
        for (const std::size_t p : w.pools)
            if (pools_[p]->waiting.contains(key_of(w)) == w.paused)
                broken.push_back("waiting interaction " + to_uuid_text(id) +
                                 " is not where it should be in " + pools_[p]->text);
    for (const auto& pool : pools_) {
        for (const WaitKey& key : pool->waiting)
            if (!waiting_.contains(key.id))
                broken.push_back("pool " + pool->text + " holds an interaction that does not wait");
        std::size_t able = 0;
        for (const auto& [dn, seat] : seats_) {
            const bool fits = pool->match && pool->match->fits(*config_, seat.seat);
            if (fits && seat.ability == Ability::able) ++able;
            if (fits && (seat.ability == Ability::able) != pool->able.contains(seat.key()))
                broken.push_back("pool " + pool->text + " is wrong about the agent at DN " +
                                 std::to_string(dn.value()));
        }
        if (able != pool->able.size())
            broken.push_back("pool " + pool->text + " counts agents that are not able");
    }
    return broken;
}

}  // namespace trunkline::routing
