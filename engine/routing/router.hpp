// Where waiting interactions and able agents meet. Every distinct target in use is a pool (floor.hpp) that
// knows the agents who fit, in the order of the statistics asked for where it is large and often asked, and
// its waiting interactions by priority, then entry. Nothing here polls: the engine asks for a match when
// either side changes. A match is O(log n) in pools in order, linear in the seats of the others, and linear
// in the pools that fit the agent. One thread; no clock and no dice but those given.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/routing/choice.hpp"
#include "engine/routing/floor.hpp"
#include "engine/routing/route_request.hpp"
#include "engine/routing/shares.hpp"

namespace trunkline::routing {

class Router {
  public:
    explicit Router(Upkeep upkeep = {}) : floor_(upkeep) {}

    /// What only the outside knows.
    struct Outside {
        AskFigure figure;
        /// The request's own function of this agent; none where it gave no number.
        std::function<std::optional<double>(CallUuid, const agents::AgentView&)> inline_figure;
        /// Even in [0, bound).
        std::function<std::uint64_t(std::uint64_t bound)> dice;
    };
    void use(Outside outside);

    // ---- configuration ----
    /// Waiting interactions whose targets are all gone are returned.
    std::vector<CallUuid> configure(model::SharedSnapshot);
    /// A new generation of scripts: figures are asked for anew.
    void forget_figures() { floor_.forget_figures(); }

    // ---- agents ----
    void add_seat(const agents::Seat& seat) { floor_.add(seat); }
    void remove_seat(DnId dn) { floor_.remove(dn); }
    void set_standing(DnId dn, const Standing& standing) { floor_.set(dn, standing); }
    [[nodiscard]] std::optional<Ability> ability(DnId) const;

    // ---- interactions ----
    /// Puts it before all its targets. False where none of them exists: it does not wait then. Agents whom it
    /// passed over in an earlier request it still passes over.
    bool add(CallUuid, TenantId, const RouteRequest&, int priority, TimePoint entered);
    void remove(CallUuid, TimePoint now);
    /// The interaction has ended: nothing about it is kept.
    void forget(CallUuid id) { passed_over_before_.erase(id); }
    [[nodiscard]] bool waits(CallUuid id) const { return waiting_.contains(id); }
    /// While an agent rings it keeps its place but is not matched.
    void pause(CallUuid);
    void resume(CallUuid);
    void set_priority(CallUuid, int priority);
    /// This agent did not answer or declined: passed over by this interaction until `until`, or until every
    /// other able one was tried.
    void pass_over(CallUuid, PersonId, TimePoint until, bool declined);
    /// When the first of those passed over may come again; none where nobody is passed over at `now`.
    [[nodiscard]] std::optional<TimePoint> next_return(CallUuid, TimePoint now) const;

    /// The best able agent for a waiting interaction. May ask scripts and throw dice; commits nothing.
    [[nodiscard]] std::optional<Choice> choose(CallUuid, TimePoint now);
    /// The choice is rung: turns and shares move.
    void offered(CallUuid, const Choice&, TimePoint now);
    /// True where an able agent is there for it, as far as is known without asking a script.
    [[nodiscard]] bool somebody_for(CallUuid, TimePoint now) const;
    /// The first waiting interaction for an able agent, at whichever of these DNs of his it may ring.
    [[nodiscard]] std::optional<CallUuid> interaction_for(std::span<const DnId>, TimePoint now);
    [[nodiscard]] std::optional<CallUuid> interaction_for(DnId dn, TimePoint now) {
        return interaction_for(std::span<const DnId>(&dn, 1), now);
    }
    /// False once the configuration has lost every target that it waits for.
    [[nodiscard]] bool has_target(CallUuid) const;
    /// True where every logged-in agent of its targets has declined it and none may be asked again yet.
    [[nodiscard]] bool all_declined(CallUuid, TimePoint now) const;

    // ---- lines ----
    /// 1 is next: the place in the line of the target where it is furthest ahead; none while it does not
    /// wait.
    [[nodiscard]] std::optional<std::int64_t> position(CallUuid) const;
    /// Place x mean interval between the last 32 leaves of that line, the shortest of its targets; none
    /// without two leaves.
    [[nodiscard]] std::optional<Duration> expected_wait(CallUuid) const;
    /// Of one more at the end of the line.
    [[nodiscard]] std::optional<Duration> expected_wait(TenantId, const Target&) const;

    struct PassedOver {
        PersonId agent;
        TimePoint until;
        bool declined = false;
    };
    struct Waiting {
        CallUuid id;
        TenantId tenant;
        RouteRequest request;
        int priority = 0;
        TimePoint entered;
        bool paused = false;
        Statistic statistic;
        std::vector<PassedOver> passed_over;
        std::vector<Pool*> pools;
        std::vector<int> weights;  // one a pool, for "Percentage"
    };
    [[nodiscard]] const Waiting* find(CallUuid) const;
    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
    [[nodiscard]] std::size_t remembered() const { return passed_over_before_.size(); }
    [[nodiscard]] const std::unordered_map<CallUuid, Waiting>& all_waiting() const { return waiting_; }

    struct PoolView {
        std::string target;
        std::size_t waiting = 0, ready = 0;
        TimePoint oldest_entry;
    };
    /// The pools in which something waits.
    [[nodiscard]] std::vector<PoolView> pools() const;
    [[nodiscard]] std::size_t pool_count() const { return floor_.pools(); }
    [[nodiscard]] std::size_t pools_in_order() const { return floor_.pools_in_order(); }
    /// What does not agree with itself, for tests.
    [[nodiscard]] std::vector<std::string> inconsistencies() const;

  private:
    struct Best {
        SeatKey key;
        std::size_t pool = 0;
    };
    static WaitKey key_of(const Waiting& w) { return {-w.priority, w.entered, w.id}; }
    /// False while the interaction passes the agent over; with `passed_over_too` only where he declined.
    [[nodiscard]] static bool takes(const Waiting&, PersonId, TimePoint now, bool passed_over_too);

    // choice.cpp
    void look(const Waiting&);
    [[nodiscard]] std::optional<Best> best_by_order(const Waiting&, TimePoint now, bool passed_over_too);
    [[nodiscard]] std::optional<Best> best_by_share(const Waiting&, TimePoint now, bool passed_over_too,
                                                    Choice&);
    [[nodiscard]] std::optional<Best> best_by_dice(const Waiting&, TimePoint now, bool passed_over_too);
    [[nodiscard]] std::optional<Best> best_inline(const Waiting&, TimePoint now, bool passed_over_too,
                                                  Choice&);
    [[nodiscard]] std::optional<double> figure_of(const Waiting&, std::size_t pool, const SeatKey&,
                                                  TimePoint now) const;
    void count(Choice&, const Waiting&);
    void add_next_best(Choice&, const Waiting&, TimePoint now);
    void name_ruled_out(Choice&, const Pool&, const Waiting&) const;
    [[nodiscard]] bool has_figure(const Waiting&, Floor::Seat&, std::size_t& inline_calls);
    [[nodiscard]] static std::string share_key(const Waiting&);

    Floor floor_;
    Outside outside_;
    Shares shares_;
    std::vector<Look> looks_;  // of the interaction that is being chosen for, one a pool
    std::unordered_map<CallUuid, Waiting> waiting_;
    // Of interactions that do not wait now: agents whom their last request passed over.
    std::unordered_map<CallUuid, std::vector<PassedOver>> passed_over_before_;
};

}  // namespace trunkline::routing
