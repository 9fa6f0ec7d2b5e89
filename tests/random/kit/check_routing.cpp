// Who gets whom: only an agent who may and can, at once when there is one, and the most urgent session first.
#include <cmath>

#include "tests/random/kit/check.hpp"
#include "tests/random/kit/proving_site.hpp"

namespace trunkline::random_test {
namespace {

using agents::AgentState;

class RoutingCheck final : public Check {
  public:
    using Check::Check;

    void begin() override {
        winner_.clear();
        chosen_.clear();
    }

    void see(const messages::Effect& effect) override {
        const auto* write = std::get_if<messages::WriteRecord>(&effect);
        if (write == nullptr) return;
        if (const auto* row = std::get_if<records::Decision>(&write->record))
            winner_[row->interaction_id] = row->winner + realm_of(row->tenant);
        if (const auto* row = std::get_if<records::PartyJoined>(&write->record);
            row != nullptr && row->role == "agent")
            see_offer(*row);
    }

    void end(const Engine& engine) override {
        std::map<CallUuid, Waiting> waiting;
        for (const InteractionRow& row : engine.interactions(ledger_.now))
            if (row.state == "waiting")
                if (const SessionFacts* session = ledger_.session_of(parse_conn_id(row.conn_id)))
                    waiting[session->id] = {row.priority, *session};
        for (const auto& [id, one] : waiting) nobody_is_idle_beside(one);
        for (const auto& [id, chosen] : chosen_) most_urgent_first(engine, id, chosen, waiting);
        waiting_ = std::move(waiting);
    }

  private:
    struct Chosen {
        std::string agent;
        int load = 0;  // before the offer; later in the same command it may have changed
    };
    struct Waiting {
        int priority = 0;
        SessionFacts session;  // as it stands after a command
    };

    [[nodiscard]] bool fits(const SessionFacts& session, const SeatFacts& seat) const {
        return random_test::fits(ledger_.site(), session.realm, session.asks,
                                 {seat.agent, seat.dn, seat.queue});
    }

    [[nodiscard]] bool able(const SeatFacts& seat) const {
        const ProvingAgent* agent = proving_agent(seat.agent);
        return agent != nullptr && seat.state == AgentState::ready && ledger_.reachable(seat.dn) &&
               ledger_.load_of(seat.agent) < agent->capacity && !ledger_.rests(seat.agent) &&
               !ledger_.reserved.contains(seat.agent) && !seat.undisturbed;
    }

    /// Able since this very command: before or after the choice, a bystander cannot tell.
    [[nodiscard]] bool came_now(const SeatFacts& seat) const {
        return seat.idle_since == ledger_.now || ledger_.free_now.contains(seat.agent);
    }

    void see_offer(const records::PartyJoined& row) {
        const auto decided = winner_.find(row.interaction_id);
        if (decided == winner_.end()) return;  // default routing: whatever the agent's state
        const std::string name = row.agent + realm_of(row.tenant), dn = row.dn + realm_of(row.switch_);
        expect(decided->second == name, "routing: another agent rings than the one decided for", name);
        chosen_[row.interaction_id] = {name, ledger_.load_of(name) - 1};
        winner_.erase(decided);
        const auto seat = ledger_.seats.find(dn);
        const ProvingAgent* agent = proving_agent(name);
        const SessionFacts* session = ledger_.session(row.interaction_id);
        if (seat == ledger_.seats.end() || agent == nullptr || session == nullptr) {
            found("routing: an offer to somebody who is not there", dn);
            return;
        }
        expect(seat->second.state == AgentState::ready, "routing: an offer to an agent who is not ready",
               name);
        expect(!ledger_.rests(name), "routing: an offer to an agent who rests", name);
        expect(ledger_.reachable(dn), "routing: an offer where nobody hears it", dn);
        expect(ledger_.load_of(name) <= agent->capacity, "routing: an agent has more than his capacity",
               name + ": " + std::to_string(ledger_.load_of(name)));
        expect(fits(*session, seat->second), "routing: an agent whom nobody asked for",
               name + " for " + session->asks);
        best_first(*session, seat->second);
        if (session->by == "Percentage" && session->asks == "agent:bob,agent:dan")
            share_is_kept(*session, name);
    }

    /// By the statistic that the strategy named; greatest wins. None: ruled out. Zero for all where only the
    /// engine can know (turns, shares, dice).
    [[nodiscard]] std::optional<double> figure(const SessionFacts& session, const std::string& agent,
                                               int load) const {
        if (session.by.starts_with("StatAgentLoading")) return -load;
        if (session.by.starts_with("StatAgentSkill:"))
            return level_of(ledger_.site(), agent, session.by.substr(session.by.find(':') + 1));
        const bool inline_one = session.by == "inline";
        if (session.by != "lua:calm" && !inline_one) return 0;
        const int english = level_of(ledger_.site(), agent, "english");
        if (english < 2 || (!inline_one && english < 6 && load > 0)) return std::nullopt;
        return english - (inline_one ? 3 : 10) * load;
    }

    // Among those who are asked for and can: the greatest figure first; of the same figure who has nothing in
    // hand, then who has been idle longest.
    void best_first(const SessionFacts& session, const SeatFacts& winner) {
        if (session.refusers.contains(winner.agent)) return;  // nobody else was left
        const auto best = figure(session, winner.agent, ledger_.load_of(winner.agent) - 1);
        expect(best.has_value(), "routing: an agent whom the statistic rules out",
               winner.agent + " by " + session.by);
        if (!best || session.by == "RStatRoundRobin" || session.by == "Percentage" || session.by == "Random")
            return;
        const auto rank = [this](const SeatFacts& seat, int offered) {
            return std::pair(ledger_.load_of(seat.agent) - offered > 0, seat.idle_since);
        };
        for (const auto& [dn, seat] : ledger_.seats) {
            if (seat.agent == winner.agent || !able(seat) || came_now(seat)) continue;
            if (session.refusers.contains(seat.agent) || !fits(session, seat)) continue;
            const auto other = figure(session, seat.agent, ledger_.load_of(seat.agent));
            if (!other) continue;
            const std::string who = winner.agent + " instead of " + seat.agent + " for " + session.asks;
            expect(*best >= *other, "routing: another agent has a better figure", who + " by " + session.by);
            expect(*best != *other || rank(winner, 1) <= rank(seat, 0),
                   "routing: another agent was idle longer", who);
        }
    }

    // Of the choices in which both could be chosen, three of four go to one of them. What a bystander cannot
    // tell for sure widens the bounds by one.
    void share_is_kept(const SessionFacts& session, const std::string& winner) {
        const std::string other = winner == "bob" ? "dan" : "bob";
        bool both = false, unclear = !session.refusers.empty();
        for (const auto& [dn, seat] : ledger_.seats) {
            if (seat.agent != other || !able(seat)) continue;
            both = true;
            unclear = unclear || came_now(seat);
        }
        unclear_ += unclear;
        if (!both || unclear) return;
        ++shared_;
        bobs_ += winner == "bob";
        expect(std::abs(bobs_ - 0.75 * shared_) <= 2 + unclear_, "routing: shares of traffic are not kept",
               std::to_string(bobs_) + " of " + std::to_string(shared_));
    }

    void nobody_is_idle_beside(const Waiting& one) {
        for (const auto& [dn, seat] : ledger_.seats)
            if (able(seat) && !one.session.refusers.contains(seat.agent) && fits(one.session, seat) &&
                figure(one.session, seat.agent, ledger_.load_of(seat.agent)))
                found("routing: an able agent is idle beside a waiting session",
                      seat.agent + " for " + one.session.asks);
    }

    // Who waited before and still waits was not less urgent than the one who got his agent.
    void most_urgent_first(const Engine& engine, CallUuid id, const Chosen& chosen,
                           const std::map<CallUuid, Waiting>& waiting) {
        const auto& [agent, load] = chosen;
        const SessionFacts* winner = ledger_.session(id);
        if (winner == nullptr || winner->over || waiting.contains(id)) return;
        std::optional<int> priority;
        for (const InteractionRow& row : engine.interactions(ledger_.now))
            if (parse_conn_id(row.conn_id) == winner->conn) priority = row.priority;
        if (!priority) return;
        const PartyFacts* party = ledger_.agent_party(id);
        const auto seat = party == nullptr ? ledger_.seats.end() : ledger_.seats.find(party->dn);
        if (seat == ledger_.seats.end()) return;
        for (const auto& [other, one] : waiting) {
            const auto before = waiting_.find(other);
            if (before == waiting_.end() || before->second.session.asks != one.session.asks ||
                before->second.priority != one.priority || one.session.refusers.contains(agent) ||
                !fits(one.session, seat->second) || !figure(one.session, agent, load))
                continue;
            const bool more_urgent = one.priority > *priority ||
                                     (one.priority == *priority && one.session.started < winner->started);
            const SessionFacts* loser = ledger_.session(other);
            expect(!more_urgent, "routing: a less urgent session got the agent",
                   agent + " for " + winner->leg + " (priority " + std::to_string(*priority) + "), while " +
                       (loser == nullptr ? "?" : loser->leg) + " waits (" + std::to_string(one.priority) +
                       ")");
        }
    }

    int shared_ = 0, bobs_ = 0, unclear_ = 0;
    std::map<CallUuid, std::string> winner_;  // decided, not ringing yet
    std::map<CallUuid, Chosen> chosen_;       // of this command
    std::map<CallUuid, Waiting> waiting_;     // after the command before
};

}  // namespace

std::unique_ptr<Check> check_of_routing(Ledger& l, Findings& f) {
    return std::make_unique<RoutingCheck>(l, f);
}

}  // namespace trunkline::random_test
