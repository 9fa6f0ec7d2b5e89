// Where waiting interactions and able agents meet. Every distinct target in use is a pool that keeps two
// ordered sets: the able agents (longest idle first) and the waiting interactions (priority, then entry).
// Nothing here polls: the engine asks for a match when either side changes. A match is O(log n), linear only
// in the pools that fit the agent.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/agents/agents.hpp"
#include "engine/routing/target_match.hpp"

namespace trunkline::routing {

/// Whether an agent at a DN may be offered an interaction now, and if not, why.
enum class Ability { able, not_ready, at_capacity, unreachable, wrong_media };
inline constexpr std::size_t abilities = 5;
[[nodiscard]] std::string_view to_text(Ability);

/// Why this agent: what a decision record says.
struct Choice {
    DnId dn;
    PersonId agent;
    bool busy = false;
    TimePoint idle_since;
    std::string target;
    std::size_t candidates = 0;
    struct Other {
        PersonId agent;
        bool busy = false;
        TimePoint idle_since;
    };
    std::vector<Other> next_best;                  // at most 20
    std::map<std::string, std::size_t> ruled_out;  // reason -> count
    std::map<std::string, std::string> named;      // user_name -> reason; single targets, or where explained
};

class Router {
  public:
    // ---- configuration ----
    /// Resolves every pool anew and refits every seat. Waiting interactions whose targets are all gone are
    /// returned.
    std::vector<CallUuid> configure(model::SharedSnapshot);

    // ---- agents ----
    void add_seat(const agents::Seat&);
    void remove_seat(DnId);
    /// Able seats are ordered: those with nothing in hand first, then by `idle_since`, then by id.
    void set_ability(DnId, Ability, bool busy, TimePoint idle_since);
    [[nodiscard]] std::optional<Ability> ability(DnId) const;

    // ---- interactions ----
    /// Puts it before all its targets. False where none of them exists: it does not wait then.
    bool add(CallUuid, TenantId, const RouteRequest&, int priority, TimePoint entered);
    void remove(CallUuid);
    [[nodiscard]] bool waits(CallUuid id) const { return waiting_.contains(id); }
    /// While an agent rings it keeps its place but is not matched.
    void pause(CallUuid);
    void resume(CallUuid);
    void set_priority(CallUuid, int priority);
    /// This agent did not answer or declined: passed over by this interaction until `until`, or until every
    /// other able one was tried.
    void pass_over(CallUuid, PersonId, TimePoint until, bool declined);

    /// The best able agent for a waiting interaction.
    [[nodiscard]] std::optional<Choice> agent_for(CallUuid, TimePoint now) const;
    /// The first waiting interaction for an able agent.
    [[nodiscard]] std::optional<CallUuid> interaction_for(DnId, TimePoint now) const;
    /// False once the configuration has lost every target that it waits for.
    [[nodiscard]] bool has_target(CallUuid) const;
    /// True where every logged-in agent of its targets has declined it.
    [[nodiscard]] bool all_declined(CallUuid) const;

    struct Waiting {
        CallUuid id;
        TenantId tenant;
        RouteRequest request;
        int priority = 0;
        TimePoint entered;
        bool paused = false;
        struct PassedOver {
            PersonId agent;
            TimePoint until;
            bool declined = false;
        };
        std::vector<PassedOver> passed_over;
        std::vector<std::size_t> pools;
    };
    [[nodiscard]] const Waiting* find(CallUuid) const;
    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
    [[nodiscard]] const std::unordered_map<CallUuid, Waiting>& all_waiting() const { return waiting_; }

    struct PoolView {
        std::string target;
        std::size_t waiting = 0, ready = 0;
        TimePoint oldest_entry;
    };
    /// The pools in which something waits.
    [[nodiscard]] std::vector<PoolView> pools() const;
    [[nodiscard]] std::size_t pool_count() const { return pools_.size(); }
    /// What does not agree with itself, for tests.
    [[nodiscard]] std::vector<std::string> inconsistencies() const;

  private:
    struct SeatKey {
        bool busy = false;  // an agent with work in hand is in no ready state: after those without
        TimePoint idle_since;
        PersonId agent;
        DnId dn;
        friend auto operator<=>(const SeatKey&, const SeatKey&) = default;
    };
    struct WaitKey {
        int lower_first = 0;  // minus the priority
        TimePoint entered;
        CallUuid id;
        friend auto operator<=>(const WaitKey&, const WaitKey&) = default;
    };
    struct Pool {
        TenantId tenant;
        Target target;
        std::string text;
        std::optional<TargetMatch> match;  // none once the configuration has lost the object
        std::size_t configured = 0;
        std::set<SeatKey> able;
        std::set<WaitKey> waiting;
        std::array<std::size_t, abilities> members{};  // seats that fit, by ability
    };
    struct SeatEntry {
        agents::Seat seat;  // identity only: who, where
        Ability ability = Ability::not_ready;
        bool busy = false;
        TimePoint idle_since;
        std::vector<std::size_t> pools;  // those that fit
        [[nodiscard]] SeatKey key() const { return {busy, idle_since, seat.agent, seat.dn}; }
    };

    std::size_t pool_for(TenantId, const Target&, bool& exists);
    void fit(SeatEntry&, std::size_t pool);
    void enter(SeatEntry&, Pool&) const;
    void leave(const SeatEntry&, Pool&) const;
    static WaitKey key_of(const Waiting& w) { return {-w.priority, w.entered, w.id}; }
    /// False while the interaction passes the agent over; with `passed_over_too` only where he declined.
    [[nodiscard]] static bool takes(const Waiting&, PersonId, TimePoint now, bool passed_over_too);
    [[nodiscard]] const SeatKey* best_in(const Pool&, const Waiting&, TimePoint now,
                                         bool passed_over_too) const;
    void explain(Choice&, const Waiting&) const;
    void name_ruled_out(Choice&, std::size_t pool, const Waiting&) const;

    model::SharedSnapshot config_;
    std::vector<std::unique_ptr<Pool>> pools_;
    std::map<std::pair<TenantId, Target>, std::size_t> pool_at_;
    std::map<DnId, SeatEntry> seats_;
    std::unordered_map<CallUuid, Waiting> waiting_;
};

}  // namespace trunkline::routing
