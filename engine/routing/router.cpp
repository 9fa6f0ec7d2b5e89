#include "engine/routing/router.hpp"

#include <algorithm>
#include <cmath>

namespace trunkline::routing {
namespace {

// Functions of requests that one freed agent is asked for, at most: they are Lua, one call each.
constexpr std::size_t most_inline_calls = 1'000;

}  // namespace

void Router::use(Outside outside) {
    outside_ = std::move(outside);
    floor_.ask_with(outside_.figure);
}

std::vector<CallUuid> Router::configure(model::SharedSnapshot config) {
    floor_.configure(std::move(config));
    std::vector<CallUuid> without_target;
    for (const auto& [id, w] : waiting_)
        if (!has_target(id)) without_target.push_back(id);
    std::sort(without_target.begin(), without_target.end());
    return without_target;
}

std::optional<Ability> Router::ability(DnId dn) const {
    const Floor::Seat* seat = floor_.seat(dn);
    return seat == nullptr ? std::nullopt : std::optional(seat->standing.ability);
}

bool Router::add(CallUuid id, TenantId tenant, const RouteRequest& request, int priority, TimePoint entered) {
    if (waits(id)) remove(id, entered);
    Waiting w;
    w.id = id;
    w.tenant = tenant;
    w.request = request;
    w.priority = priority;
    w.entered = entered;
    w.statistic = Statistic::parse(request.statistic).value_or(Statistic{});
    for (std::size_t n = 0; n < request.targets.size(); ++n) {
        Pool* pool = floor_.acquire(tenant, request.targets[n]);
        if (pool == nullptr) continue;
        const int weight = n < request.weights.size() ? std::max(request.weights[n], 0) : 1;
        const auto twice = std::find(w.pools.begin(), w.pools.end(), pool);
        if (twice != w.pools.end()) {
            w.weights[static_cast<std::size_t>(twice - w.pools.begin())] += weight;
            floor_.release(*pool);
            continue;
        }
        w.pools.push_back(pool);
        w.weights.push_back(weight);
    }
    if (w.pools.empty()) return false;
    if (const auto before = passed_over_before_.extract(id)) w.passed_over = std::move(before.mapped());
    for (Pool* pool : w.pools) floor_.stand_in(*pool, key_of(w));
    waiting_.emplace(id, std::move(w));
    return true;
}

void Router::remove(CallUuid id, TimePoint now) {
    const auto found = waiting_.find(id);
    if (found == waiting_.end()) return;
    pause(id);
    for (Pool* pool : found->second.pools) {
        pool->leaves.add(now);
        floor_.release(*pool);
    }
    if (!found->second.passed_over.empty()) passed_over_before_[id] = std::move(found->second.passed_over);
    waiting_.erase(found);
}

void Router::pause(CallUuid id) {
    const auto found = waiting_.find(id);
    if (found == waiting_.end() || found->second.paused) return;
    for (Pool* pool : found->second.pools) floor_.step_out(*pool, key_of(found->second));
    found->second.paused = true;
}

void Router::resume(CallUuid id) {
    const auto found = waiting_.find(id);
    if (found == waiting_.end() || !found->second.paused) return;
    for (Pool* pool : found->second.pools) floor_.stand_in(*pool, key_of(found->second));
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

// ---- agents that an interaction passes over ----

void Router::pass_over(CallUuid id, PersonId agent, TimePoint until, bool declined) {
    const auto found = waiting_.find(id);
    if (found == waiting_.end()) return;
    std::erase_if(found->second.passed_over, [&](const PassedOver& p) { return p.agent == agent; });
    found->second.passed_over.push_back({agent, until, declined});
}

std::optional<TimePoint> Router::next_return(CallUuid id, TimePoint now) const {
    const Waiting* w = find(id);
    std::optional<TimePoint> next;
    if (w == nullptr) return next;
    for (const PassedOver& p : w->passed_over)
        if (p.until > now && (!next || p.until < *next)) next = p.until;
    return next;
}

bool Router::takes(const Waiting& w, PersonId agent, TimePoint now, bool passed_over_too) {
    return std::none_of(w.passed_over.begin(), w.passed_over.end(), [&](const PassedOver& p) {
        return p.agent == agent && p.until > now && (p.declined || !passed_over_too);
    });
}

// Counted from those who declined: the seats of a target may be many, who declined is few.
bool Router::all_declined(CallUuid id, TimePoint now) const {
    const Waiting* w = find(id);
    if (w == nullptr) return false;
    bool any = false;
    for (const Pool* pool : w->pools) {
        if (pool->members.empty()) continue;
        std::size_t declined = 0;
        for (const PassedOver& p : w->passed_over) {
            if (!p.declined || p.until <= now) continue;
            for (const DnId dn : floor_.seats_of(p.agent))
                if (floor_.fits(*pool, *floor_.seat(dn))) ++declined;
        }
        if (declined < pool->members.size()) return false;
        any = true;
    }
    return any;
}

// ---- who gets a freed agent ----

std::optional<CallUuid> Router::interaction_for(std::span<const DnId> dns, TimePoint now) {
    const WaitKey* best = nullptr;
    std::size_t inline_calls = 0;
    // First the interactions that do not pass this agent over. One that does and still waits has no other
    // able agent, so he may come again, unless he declined it.
    for (const bool passed_over_too : {false, true}) {
        for (const DnId dn : dns) {
            Floor::Seat* seat = floor_.seat(dn);
            if (seat == nullptr || seat->standing.ability != Ability::able) continue;
            floor_.for_each_line(*seat, [&](const WaitKey& first, const Pool& pool) {
                if (best != nullptr && *best < first) return;
                for (const WaitKey& key : pool.waiting) {
                    if (best != nullptr && *best < key) break;
                    const Waiting& w = waiting_.at(key.id);
                    if (!takes(w, seat->who.agent, now, passed_over_too)) continue;
                    if (!has_figure(w, *seat, inline_calls)) continue;
                    best = &key;
                    break;
                }
            });
        }
        if (best != nullptr) break;
    }
    return best == nullptr ? std::nullopt : std::optional(best->id);
}

bool Router::has_figure(const Waiting& w, Floor::Seat& seat, std::size_t& inline_calls) {
    if (w.request.inline_statistic) {
        if (!outside_.inline_figure || inline_calls++ >= most_inline_calls) return false;
        const auto figure = outside_.inline_figure(w.id, floor_.view(seat));
        return figure && std::isfinite(*figure);
    }
    return w.statistic.kind != StatisticKind::script || floor_.figure(seat, w.statistic.argument).has_value();
}

bool Router::somebody_for(CallUuid id, TimePoint now) const {
    const Waiting* w = find(id);
    if (w == nullptr || w->paused || w->request.inline_statistic) return false;
    const auto known = [&](const Floor::Seat& seat) {
        if (w->statistic.kind != StatisticKind::script) return true;
        for (const auto& [script, figure] : seat.figures)
            if (script == w->statistic.argument) return figure.has_value();
        return false;
    };
    return std::any_of(w->pools.begin(), w->pools.end(), [&](const Pool* pool) {
        return floor_.any_able(*pool, [&](const Floor::Seat& seat) {
            return takes(*w, seat.who.agent, now, true) && known(seat);
        });
    });
}

bool Router::has_target(CallUuid id) const {
    const Waiting* w = find(id);
    return w != nullptr && std::any_of(w->pools.begin(), w->pools.end(),
                                       [](const Pool* pool) { return pool->match.has_value(); });
}

const Router::Waiting* Router::find(CallUuid id) const {
    const auto found = waiting_.find(id);
    return found == waiting_.end() ? nullptr : &found->second;
}

// ---- lines ----

std::optional<std::int64_t> Router::position(CallUuid id) const {
    const Waiting* w = find(id);
    if (w == nullptr || w->paused) return std::nullopt;
    std::optional<std::int64_t> best;
    for (const Pool* pool : w->pools) {
        const auto place = static_cast<std::int64_t>(pool->waiting.find_rank(key_of(*w))) + 1;
        if (!best || place < *best) best = place;
    }
    return best;
}

std::optional<Duration> Router::expected_wait(CallUuid id) const {
    const Waiting* w = find(id);
    if (w == nullptr || w->paused) return std::nullopt;
    std::optional<Duration> best;
    for (const Pool* pool : w->pools)
        if (const auto interval = pool->leaves.mean_interval()) {
            const Duration wait =
                *interval * (static_cast<std::int64_t>(pool->waiting.find_rank(key_of(*w))) + 1);
            if (!best || wait < *best) best = wait;
        }
    return best;
}

std::optional<Duration> Router::expected_wait(TenantId tenant, const Target& target) const {
    const Pool* pool = floor_.find(tenant, target);
    const auto interval = pool == nullptr ? std::nullopt : pool->leaves.mean_interval();
    if (!interval) return std::nullopt;
    return *interval * (static_cast<std::int64_t>(pool->waiting.size()) + 1);
}

std::vector<Router::PoolView> Router::pools() const {
    std::vector<PoolView> views;
    floor_.for_each_pool([&](const Pool& pool) {
        if (pool.waiting.empty()) return;
        TimePoint oldest = pool.waiting.begin()->entered;
        for (const WaitKey& key : pool.waiting) oldest = std::min(oldest, key.entered);
        views.push_back({pool.text, pool.waiting.size(), floor_.able(pool), oldest});
    });
    return views;
}

std::vector<std::string> Router::inconsistencies() const {
    std::vector<std::string> broken;
    floor_.inconsistencies(broken);
    std::unordered_map<const Pool*, std::size_t> users;
    for (const auto& [id, w] : waiting_)
        for (const Pool* pool : w.pools) {
            ++users[pool];
            if ((pool->waiting.count(key_of(w)) > 0) == w.paused)
                broken.push_back("waiting interaction " + to_uuid_text(id) +
                                 " is not where it should be in " + pool->text);
        }
    floor_.for_each_pool([&](const Pool& pool) {
        const auto counted = users.find(&pool);
        if (pool.users != (counted == users.end() ? 0 : counted->second))
            broken.push_back("pool " + pool.text + " miscounts who waits for it");
        for (const WaitKey& key : pool.waiting)
            if (!waiting_.contains(key.id))
                broken.push_back("pool " + pool.text + " holds an interaction that does not wait");
    });
    return broken;
}

}  // namespace trunkline::routing
