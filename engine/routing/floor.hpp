// Who sits where and fits which pools: the agents' side of routing. A pool that is large and asked for often
// keeps its seats in order, and a change of one of them costs O(log n) there; all others are looked through
// when they are asked, so that a change costs them nothing however many fit the agent. A new seat or a new
// pool looks only where something can fit. Pools that nobody waits in are kept for the next who asks, within
// bounds, the least recently used going first. One thread; an unknown DN is passed over in silence.
#pragma once

#include <algorithm>
#include <functional>
#include <list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/agents/agent_view.hpp"
#include "engine/agents/agents.hpp"
#include "engine/routing/look.hpp"

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

/// When a pool keeps an order. The figures are costs measured once; tests take small ones to see both ways.
struct Upkeep {
    /// A pool of no more seats is looked through, whatever is asked.
    std::size_t looked_through = 256;
    /// So many asks in a row with few changes between them make an order; after so many times as many changes
    /// without an ask it goes.
    std::uint32_t asks = 16;
    /// To keep an order up at one change costs as much as to look at so many seats.
    std::uint64_t seats_a_change = 128;
};

class Floor {
  public:
    explicit Floor(Upkeep upkeep = {}) : upkeep_(upkeep) {}

    struct PoolRef {
        std::uint32_t slot = 0;
        std::uint64_t fitting = 0;
    };
    struct Seat {
        Sitting who;
        Standing standing;
        std::uint32_t place = 0;     // in the index of seats
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
    /// An interaction comes into a pool's line, or leaves it.
    void stand_in(Pool&, const WaitKey&);
    void step_out(Pool&, const WaitKey&);
    /// Calls `visit` with the first of the line and the pool, for each pool that this seat fits and where
    /// something waits.
    template <class Visit>
    void for_each_line(const Seat& seat, Visit&& visit) const {
        for (const PoolRef& ref : seat.pools) {
            const Front& front = fronts_[ref.slot];
            if (front.fitting == ref.fitting && front.waits) visit(front.first, *slots_[ref.slot]);
        }
    }
    template <class Visit>
    void for_each_pool(Visit&& visit) const {
        for (const auto& pool : slots_)
            if (pool) visit(*pool);
    }
    [[nodiscard]] std::size_t pools() const { return at_.size(); }
    [[nodiscard]] bool fits(const Pool&, const Seat&) const;

    /// The able seats of the pool by this statistic.
    void look(Pool&, const Statistic&, Look&);
    /// True where `takes` holds for one of the pool's able seats.
    template <class Takes>
    [[nodiscard]] bool any_able(const Pool& pool, Takes&& takes) const {
        return std::any_of(pool.members.begin(), pool.members.end(), [&](std::uint32_t place) {
            return index_[place].able() && takes(*index_[place].seat);
        });
    }
    [[nodiscard]] std::size_t able(const Pool&) const;
    /// Pools that keep an order now.
    [[nodiscard]] std::size_t pools_in_order() const;
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
    // What is asked of every pool that an agent fits, side by side in memory: there may be hundreds.
    struct Front {
        std::uint64_t fitting = 0;  // which fitting of seats holds; 0: the pool has none now
        bool in_order = false, waits = false;
        WaitKey first;  // of its line, where something waits
    };
    // What is asked of every seat of a pool: there may be thousands.
    struct Glance {
        static constexpr std::int64_t not_able = std::int64_t{1} << 62;
        std::int64_t order = not_able;  // idle_order of an able seat; not_able and why of the others
        PersonId agent;
        DnId dn;
        Seat* seat = nullptr;
        [[nodiscard]] bool able() const { return order < not_able; }
        [[nodiscard]] Ability ability() const {
            return able() ? Ability::able : static_cast<Ability>(order - not_able);
        }
    };
    [[nodiscard]] bool fitted(const Pool& pool) const { return fronts_[pool.slot].fitting != 0; }
    void show(Seat&);
    [[nodiscard]] static std::int64_t idle_order(const Standing&);
    void check_seats(const Pool&, std::vector<std::string>& broken) const;
    void resolve(Pool&);
    void fit(Pool&);
    void drop(Pool&);
    void keep_within_bounds();
    void join(Seat&, Pool&);
    void enter(Seat&, Pool&);
    void leave(const Seat&, Pool&);
    void let_go_of_orders(Pool&);
    [[nodiscard]] SeatKey key(Seat&, const Pool&, const Statistic&);
    [[nodiscard]] const Ordering* kept_order(Pool&, const Statistic&);
    [[nodiscard]] std::unique_ptr<Ordering> make_order(Pool&, const Statistic&);
    [[nodiscard]] std::vector<Seat*> candidates(const Pool&,
                                                const std::vector<const model::PersonEntry*>& skilled);
    [[nodiscard]] std::vector<IndexKey> keys_of(const Sitting&) const;
    [[nodiscard]] IndexKey key_of(const Pool&) const;
    [[nodiscard]] IndexKey rarest_skill(const Pool&) const;
    [[nodiscard]] std::vector<const model::PersonEntry*> skilled_for(const Pool&) const;
    [[nodiscard]] std::size_t configured(const Pool&, const std::vector<const model::PersonEntry*>&) const;

    const Upkeep upkeep_;
    model::SharedSnapshot config_;
    AskFigure ask_;
    std::unordered_map<DnId, Seat> seats_;
    std::vector<Glance> index_;  // a seat keeps its place while it is there
    std::vector<std::uint32_t> free_places_;
    std::uint64_t changes_ = 0;  // of seats
    std::unordered_map<PersonId, std::set<DnId>> by_agent_;
    std::map<std::pair<TenantId, std::string>, std::uint64_t> skill_ids_;  // of the skills that persons have
    std::vector<std::vector<std::uint32_t>> skilled_;        // by skill id: places in persons(), ascending
    std::map<IndexKey, std::unordered_set<DnId>> seats_by_;  // by place and queue
    std::map<IndexKey, std::set<std::uint32_t>> pools_by_;   // each under one key
    std::vector<std::unique_ptr<Pool>> slots_;
    std::vector<Front> fronts_;  // by slot
    std::vector<std::uint32_t> free_slots_;
    struct AddressHash {
        std::size_t operator()(const std::pair<TenantId, Target>& at) const {
            return std::hash<std::string>()(at.second.name) * 31 +
                   static_cast<std::size_t>(at.second.kind) * 7 + at.first.value();
        }
    };
    std::unordered_map<std::pair<TenantId, Target>, Pool*, AddressHash> at_;
    std::list<std::uint32_t> idle_;  // pools without users, the least recently used first
    std::size_t idle_seats_ = 0;     // kept by them
    std::uint64_t last_use_ = 0, last_fitting_ = 0, last_turn_ = 0;
};

}  // namespace trunkline::routing
