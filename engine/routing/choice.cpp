// The choice among able agents: one way a statistic, and the words of the decision record.
#include "engine/routing/choice.hpp"

#include <algorithm>
#include <cmath>

#include "engine/routing/router.hpp"

namespace trunkline::routing {
namespace {

constexpr std::size_t next_best_shown = 20;
// Beyond this many, agents of overlapping targets are not counted apart: the count of candidates is then
// their sum.
constexpr std::size_t counted_apart = 256;
// An inline function sees at most so many, the longest idle.
constexpr std::size_t most_inline_agents = 1'000;

}  // namespace

std::optional<Choice> Router::choose(CallUuid id, TimePoint now) {
    const auto found = waiting_.find(id);
    if (found == waiting_.end() || found->second.paused) return std::nullopt;
    const Waiting& w = found->second;
    look(w);
    Choice choice;
    std::optional<Best> best;
    // Those passed over come again once no other able agent is left; one who declined does not.
    for (const bool passed_over_too : {false, true}) {
        if (w.request.inline_statistic)
            best = best_inline(w, now, passed_over_too, choice);
        else if (w.statistic.kind == StatisticKind::percentage)
            best = best_by_share(w, now, passed_over_too, choice);
        else if (w.statistic.kind == StatisticKind::random && outside_.dice)
            best = best_by_dice(w, now, passed_over_too);
        else
            best = best_by_order(w, now, passed_over_too);
        if (best || w.passed_over.empty()) break;
    }
    if (!best) return std::nullopt;
    choice.dn = best->key.dn;
    choice.agent = best->key.agent;
    choice.pool = best->pool;
    choice.target = w.pools[best->pool]->text;
    choice.figure = figure_of(w, best->pool, best->key, now);
    count(choice, w);
    if (!w.request.inline_statistic) add_next_best(choice, w, now);
    for (const Pool* pool : w.pools)
        if (pool->match && (w.request.explain || pool->match->single())) name_ruled_out(choice, *pool, w);
    return choice;
}

// Into the same memory each time: a decision is made thousands of times a second.
void Router::look(const Waiting& w) {
    if (looks_.size() < w.pools.size()) looks_.resize(w.pools.size());
    for (std::size_t p = 0; p < w.pools.size(); ++p)
        floor_.look(*w.pools[p], w.request.inline_statistic ? Statistic{} : w.statistic, looks_[p]);
}

void Router::offered(CallUuid id, const Choice& choice, TimePoint now) {
    const Waiting* w = find(id);
    if (w == nullptr || choice.pool >= w->pools.size()) return;
    for (Pool* pool : w->pools) floor_.offered(*pool, choice.agent, now);  // a turn in each that he fits
    if (!choice.shared.empty()) shares_.used(share_key(*w), w->weights, choice.shared, choice.pool);
}

std::optional<Router::Best> Router::best_by_order(const Waiting& w, TimePoint now, bool passed_over_too) {
    std::optional<Best> best;
    for (std::size_t p = 0; p < w.pools.size(); ++p)
        looks_[p].in_order([&](const SeatKey& key) {
            if (key.rank == SeatKey::rules_out || (best && best->key < key)) return false;
            if (!takes(w, key.agent, now, passed_over_too)) return true;
            if (!best || key < best->key) best = Best{key, p};
            return false;
        });
    return best;
}

std::optional<Router::Best> Router::best_by_share(const Waiting& w, TimePoint now, bool passed_over_too,
                                                  Choice& choice) {
    std::vector<SeatKey> firsts(w.pools.size());
    choice.shared.assign(w.pools.size(), false);
    for (std::size_t p = 0; p < w.pools.size(); ++p)
        looks_[p].in_order([&](const SeatKey& key) {
            if (!takes(w, key.agent, now, passed_over_too)) return true;
            firsts[p] = key;
            choice.shared[p] = true;
            return false;
        });
    const auto turn = shares_.next(share_key(w), w.weights, choice.shared);
    return turn ? std::optional(Best{firsts[*turn], *turn}) : std::nullopt;
}

std::optional<Router::Best> Router::best_by_dice(const Waiting& w, TimePoint now, bool passed_over_too) {
    std::size_t able = 0;
    for (std::size_t p = 0; p < w.pools.size(); ++p) able += looks_[p].able();
    if (able == 0) return std::nullopt;
    const std::size_t thrown = outside_.dice(able);
    // From the one that the dice named on to the first who is not passed over.
    for (std::size_t step = 0; step < able; ++step) {
        std::size_t at = (thrown + step) % able;
        std::size_t p = 0;
        while (at >= looks_[p].able()) at -= looks_[p++].able();
        const SeatKey key = looks_[p].nth(at);
        if (takes(w, key.agent, now, passed_over_too)) return Best{key, p};
    }
    return std::nullopt;
}

std::optional<Router::Best> Router::best_inline(const Waiting& w, TimePoint now, bool passed_over_too,
                                                Choice& choice) {
    std::map<SeatKey, std::size_t> longest_idle;  // with the pool
    std::size_t able = 0;
    for (std::size_t p = 0; p < w.pools.size(); ++p) {
        able += looks_[p].able();
        std::size_t taken = 0;
        looks_[p].in_order([&](const SeatKey& key) {
            if (taken == most_inline_agents) return false;
            if (!takes(w, key.agent, now, passed_over_too)) return true;
            longest_idle.emplace(key, p);
            ++taken;
            return true;
        });
    }
    std::vector<Best> with_figure;
    choice.inline_asked = 0;
    for (const auto& [key, p] : longest_idle) {
        if (choice.inline_asked == most_inline_agents) break;
        ++choice.inline_asked;
        const auto figure = outside_.inline_figure
                                ? outside_.inline_figure(w.id, floor_.view(*floor_.seat(key.dn)))
                                : std::nullopt;
        if (!figure || !std::isfinite(*figure)) continue;
        with_figure.push_back({key, p});
        with_figure.back().key.rank = -*figure;
    }
    choice.inline_not_asked = able > choice.inline_asked ? able - choice.inline_asked : 0;
    const std::size_t without = choice.inline_asked - with_figure.size();
    choice.ruled_out.clear();
    if (without > 0) choice.ruled_out["figure"] = without;
    if (with_figure.empty()) return std::nullopt;
    std::sort(with_figure.begin(), with_figure.end(),
              [](const Best& a, const Best& b) { return a.key < b.key; });
    choice.next_best.clear();
    for (std::size_t n = 1; n < with_figure.size() && n <= next_best_shown; ++n)
        choice.next_best.push_back({with_figure[n].key.agent, -with_figure[n].key.rank});
    return with_figure.front();
}

std::string Router::share_key(const Waiting& w) {
    std::string key = std::to_string(w.tenant.value());
    for (std::size_t p = 0; p < w.pools.size(); ++p)
        key += '\n' + std::to_string(w.weights[p]) + ' ' + w.pools[p]->text;
    return key;
}

std::optional<double> Router::figure_of(const Waiting& w, std::size_t pool, const SeatKey& key,
                                        TimePoint now) const {
    if (w.request.inline_statistic) return -key.rank;
    switch (w.statistic.kind) {
        case StatisticKind::time_in_ready_state:
            // An agent with work in hand is in no ready state.
            return key.busy() ? 0 : to_seconds(now - key.idle_since());
        case StatisticKind::loading:
        case StatisticKind::loading_media:
            return key.rank;
        case StatisticKind::skill:
        case StatisticKind::script:
            return 0 - key.rank;  // never minus zero
        case StatisticKind::round_robin: {
            const auto& turns = w.pools[pool]->turns;
            const auto turn = turns.find(key.agent);
            if (turn == turns.end()) return std::nullopt;
            return to_seconds(now - turn->second.at);
        }
        case StatisticKind::percentage:
            return Shares::share(w.weights, pool);
        case StatisticKind::random:
            break;
    }
    return std::nullopt;
}

// From what the looks have counted.
void Router::count(Choice& choice, const Waiting& w) {
    std::size_t sum = 0;
    for (std::size_t p = 0; p < w.pools.size(); ++p) {
        const Look& look = looks_[p];
        sum += look.able() - look.ruled_out();
        if (look.ruled_out() > 0) choice.ruled_out["figure"] += look.ruled_out();
        for (std::size_t a = 0; a < abilities; ++a)
            if (a != static_cast<std::size_t>(Ability::able) && look.counted()[a] > 0)
                choice.ruled_out[std::string(to_text(static_cast<Ability>(a)))] += look.counted()[a];
        const Pool& pool = *w.pools[p];
        if (pool.configured > pool.members.size())
            choice.ruled_out["logged_out"] += pool.configured - pool.members.size();
    }
    choice.candidates = sum;
    if (w.pools.size() > 1 && sum <= counted_apart) {
        std::set<DnId> apart;
        for (std::size_t p = 0; p < w.pools.size(); ++p)
            looks_[p].in_order([&](const SeatKey& key) {
                if (key.rank != SeatKey::rules_out) apart.insert(key.dn);
                return true;
            });
        choice.candidates = apart.size();
    }
    if (!w.passed_over.empty()) choice.ruled_out["passed_over"] += w.passed_over.size();
}

void Router::add_next_best(Choice& choice, const Waiting& w, TimePoint now) {
    std::map<SeatKey, std::size_t> several;  // with the pool
    for (std::size_t p = 0; p < w.pools.size(); ++p) {
        std::size_t taken = 0;
        looks_[p].in_order([&](const SeatKey& key) {
            if (key.rank == SeatKey::rules_out || taken == next_best_shown) return false;
            if (key.dn == choice.dn) return true;
            ++taken;
            if (w.pools.size() == 1)
                choice.next_best.push_back({key.agent, figure_of(w, p, key, now)});
            else
                several.emplace(key, p);
            return true;
        });
    }
    for (const auto& [key, p] : several) {
        if (choice.next_best.size() == next_best_shown) break;
        choice.next_best.push_back({key.agent, figure_of(w, p, key, now)});
    }
}

// Names cost a look at each agent: asked for only where the script, a replay or a target of one agent wants
// them.
void Router::name_ruled_out(Choice& choice, const Pool& pool, const Waiting& w) const {
    const model::Snapshot& config = *floor_.config();
    const auto name = [&](const model::PersonEntry& person) {
        if (!person.object->is_agent) return;
        const std::set<DnId>& seats = floor_.seats_of(person.id);
        if (seats.empty() && pool.match->fits(config, {person.id, {}, person.tenant, {}, {}}))
            choice.named[person.object->user_name] = "logged_out";
        for (const DnId dn : seats) {
            const Floor::Seat& seat = *floor_.seat(dn);
            if (!floor_.fits(pool, seat)) continue;
            if (seat.standing.ability != Ability::able)
                choice.named[person.object->user_name] = to_text(seat.standing.ability);
            else if (w.statistic.kind == StatisticKind::script)
                for (const auto& [script, figure] : seat.figures)
                    if (script == w.statistic.argument && !figure)
                        choice.named[person.object->user_name] = "figure";
        }
    };
    if (w.request.explain) {
        for (const model::PersonEntry& person : config.persons()) name(person);
    } else {
        for (const PersonId agent : pool.match->agents())
            if (const auto* person = config.person(agent)) name(*person);
    }
}

}  // namespace trunkline::routing
