// Who sits where and fits which pools: the agents' side of routing. A change of one seat costs O(log n) in
// each pool that he fits; a new seat or a new pool looks only where something can fit. Pools that nobody
// waits in are kept for the next who asks, within bounds, the least recently used going first.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/agents/agent_view.hpp"
#include "engine/agents/agents.hpp"
#include "engine/routing/pool.hpp"

namespace trunkline::routing {

/// What routing needs to know of an agent at a DN besides who he is.
struct Standing {
    Ability ability = Ability::not_ready;
    agents::Load load;
    TimePoint idle_since;
    std::string_view state;  // of static storage, as in reporting.agent_state
    TimePoint ready_since;
    friend bool operator==(const Standing&, const Standing&) = default;
    [[nodiscard]] bool busy() const { return load.total() > 0; }
};

/// scripts/statistics/<script>.lua of this agent; none where it gave no number.
using AskFigure = std::function<std::optional<double>(std::string_view script, const agents::AgentView&)>;

class Floor {
  public:
    struct PoolRef {
        std::uint32_t slot = 0;
        std::uint64_t fitting = 0;
    };
    struct Seat {
        Sitting who;
        Standing standing;
        std::vector<PoolRef> pools;  // those that fit; some may have gone since
        std::vector<std::pair<std::string, std::optional<double>>>
            figures;  // by script, until his view changes
    };

    void ask_with(AskFigure ask) { ask_ = std::move(ask); }
    /// Pools that somebody waits in are resolved anew and refitted; the others when they are next used.
    void configure(model::SharedSnapshot);

    void add(const agents::Seat&);
    void remove(DnId);
    void set(DnId, const Standing&);
    [[nodiscard]] const Seat* seat(DnId) const;
    [[nodiscard]] Seat* seat(DnId);
    [[nodiscard]] const std::set<DnId>& seats_of(PersonId) const;

    /// The pool of a target, fitted, with one more user; null where the configuration has no such target.
    Pool* acquire(TenantId, const Target&);
    void release(Pool&);
    [[nodiscard]] const Pool* find(TenantId, const Target&) const;
    /// Calls `visit` for each pool that this seat fits.
    template <class Visit>
    void for_each_pool(const Seat& seat, Visit&& visit) const {
        for (const PoolRef& ref : seat.pools)
            if (const Pool* pool = pool_of(ref)) visit(*pool);
    }
    template <class Visit>
    void for_each_pool(Visit&& visit) const {
        for (const auto& pool : slots_)
            if (pool) visit(*pool);
    }
    [[nodiscard]] std::size_t pools() const { return at_.size(); }
    [[nodiscard]] bool fits(const Pool&, const Seat&) const;

    /// The able seats of the pool by this statistic, kept from now on.
    const Ordering& ordering(Pool&, const Statistic&);
    /// The figure of a script for this agent, asked at most once until his view changes.
    std::optional<double> figure(Seat&, const std::string& script);
    [[nodiscard]] agents::AgentView view(const Seat&) const;
    /// A new generation of scripts: every figure is asked for again when it is next needed.
    void forget_figures();
    /// The agent was offered something by this pool: for RStatRoundRobin.
    void offered(Pool&, PersonId, TimePoint now);

    [[nodiscard]] const model::SharedSnapshot& config() const { return config_; }
    /// What does not agree with itself, for tests.
    void inconsistencies(std::vector<std::string>& broken) const;

  private:
    [[nodiscard]] const Pool* pool_of(const PoolRef& ref) const {
        const Pool* pool = slots_[ref.slot].get();
        return pool != nullptr && pool->fitting == ref.fitting ? pool : nullptr;
    }
    [[nodiscard]] Pool* pool_of(const PoolRef& ref) {
        return const_cast<Pool*>(std::as_const(*this).pool_of(ref));
    }
    void resolve(Pool&);
    void fit(Pool&);
    void drop(Pool&);
    void keep_within_bounds();
    void join(Seat&, Pool&);
    void enter(Seat&, Pool&);
    void leave(const Seat&, Pool&);
    [[nodiscard]] SeatKey key(Seat&, const Pool&, const Statistic&);
    void fill(Pool&, Ordering&, const std::vector<Seat*>&);
    [[nodiscard]] std::vector<Seat*> candidates(const Pool&,
                                                const std::vector<const model::PersonEntry*>& skilled);
    [[nodiscard]] std::vector<IndexKey> keys_of(const Sitting&) const;
    [[nodiscard]] IndexKey key_of(const Pool&) const;
    [[nodiscard]] IndexKey rarest_skill(const Pool&) const;
    [[nodiscard]] std::vector<const model::PersonEntry*> skilled_for(const Pool&) const;
    [[nodiscard]] std::size_t configured(const Pool&, const std::vector<const model::PersonEntry*>&) const;

    model::SharedSnapshot config_;
    AskFigure ask_;
    std::unordered_map<DnId, Seat> seats_;
    std::unordered_map<PersonId, std::set<DnId>> by_agent_;
    std::map<std::pair<TenantId, std::string>, std::uint64_t> skill_ids_;  // of the skills that persons have
    std::vector<std::vector<std::uint32_t>> skilled_;        // by skill id: places in persons(), ascending
    std::map<IndexKey, std::unordered_set<DnId>> seats_by_;  // by place and queue
    std::map<IndexKey, std::set<std::uint32_t>> pools_by_;   // each under one key
    std::vector<std::unique_ptr<Pool>> slots_;
    std::vector<std::uint32_t> free_slots_;
    std::map<std::pair<TenantId, Target>, Pool*> at_;
    std::set<std::pair<std::uint64_t, std::uint32_t>> idle_;  // pools without users, by last use
    std::size_t idle_seats_ = 0;                              // kept by them
    std::uint64_t last_use_ = 0, last_fitting_ = 0, last_turn_ = 0;
};

}  // namespace trunkline::routing
