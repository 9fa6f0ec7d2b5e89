// Who gets whom: only an agent who may and can, at once when there is one, and the most urgent session first.
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
            winner_[row->interaction_id] = row->winner;
        if (const auto* row = std::get_if<records::PartyJoined>(&write->record);
            row != nullptr && row->role == "agent")
            see_offer(*row);
    }

    void end(const Engine& engine) override {
        std::map<CallUuid, Waiting> waiting;
        for (const InteractionRow& row : engine.interactions(ledger_.now))
            if (row.state == "waiting")
                if (const SessionFacts* session = ledger_.session_of(parse_conn_id(row.conn_id)))
                    waiting[session->id] = {row.priority, session->started, session->asks, session->refusers};
        for (const auto& [id, one] : waiting) nobody_is_idle_beside(one);
        for (const auto& [id, agent] : chosen_) most_urgent_first(engine, id, agent, waiting);
        waiting_ = std::move(waiting);
    }

  private:
    struct Waiting {
        int priority = 0;
        TimePoint since;
        std::string asks;
        std::set<std::string> refusers;
    };

    [[nodiscard]] bool able(const SeatFacts& seat) const {
        const ProvingAgent* agent = proving_agent(seat.agent);
        return agent != nullptr && seat.state == AgentState::ready && ledger_.reachable(seat.dn) &&
               ledger_.load_of(seat.agent) < agent->capacity;
    }

    void see_offer(const records::PartyJoined& row) {
        const auto decided = winner_.find(row.interaction_id);
        if (decided == winner_.end()) return;  // default routing: whatever the agent's state
        expect(decided->second == row.agent, "routing: another agent rings than the one decided for",
               row.agent);
        chosen_[row.interaction_id] = row.agent;
        winner_.erase(decided);
        const auto seat = ledger_.seats.find(row.dn);
        const ProvingAgent* agent = proving_agent(row.agent);
        const SessionFacts* session = ledger_.session(row.interaction_id);
        if (seat == ledger_.seats.end() || agent == nullptr || session == nullptr) {
            found("routing: an offer to somebody who is not there", row.dn);
            return;
        }
        expect(seat->second.state == AgentState::ready, "routing: an offer to an agent who is not ready",
               row.agent);
        expect(ledger_.reachable(row.dn), "routing: an offer where nobody hears it", row.dn);
        expect(ledger_.load_of(row.agent) <= agent->capacity, "routing: an agent has more than his capacity",
               row.agent + ": " + std::to_string(ledger_.load_of(row.agent)));
        expect(fits(ledger_.site(), session->asks, row.agent), "routing: an agent whom nobody asked for",
               row.agent + " for " + session->asks);
        longest_idle_first(*session, seat->second);
    }

    // Among those who are asked for and can: without work in hand first, then who has been idle longest.
    void longest_idle_first(const SessionFacts& session, const SeatFacts& winner) {
        if (session.refusers.contains(winner.agent)) return;  // nobody else was left
        const auto rank = [this](const SeatFacts& seat, int offered) {
            return std::pair(ledger_.load_of(seat.agent) - offered > 0, seat.idle_since);
        };
        for (const auto& [dn, seat] : ledger_.seats) {
            if (seat.agent == winner.agent || !able(seat) || seat.idle_since == ledger_.now) continue;
            if (session.refusers.contains(seat.agent) || !fits(ledger_.site(), session.asks, seat.agent))
                continue;
            expect(rank(winner, 1) <= rank(seat, 0), "routing: another agent was idle longer",
                   winner.agent + " instead of " + seat.agent + " for " + session.asks);
        }
    }

    void nobody_is_idle_beside(const Waiting& one) {
        for (const auto& [dn, seat] : ledger_.seats)
            if (able(seat) && !one.refusers.contains(seat.agent) &&
                fits(ledger_.site(), one.asks, seat.agent))
                found("routing: an able agent is idle beside a waiting session",
                      seat.agent + " for " + one.asks);
    }

    // Who waited before and still waits was not less urgent than the one who got his agent.
    void most_urgent_first(const Engine& engine, CallUuid id, const std::string& agent,
                           const std::map<CallUuid, Waiting>& waiting) {
        const SessionFacts* winner = ledger_.session(id);
        if (winner == nullptr || winner->over || waiting.contains(id)) return;
        std::optional<int> priority;
        for (const InteractionRow& row : engine.interactions(ledger_.now))
            if (parse_conn_id(row.conn_id) == winner->conn) priority = row.priority;
        if (!priority) return;
        for (const auto& [other, one] : waiting) {
            const auto before = waiting_.find(other);
            if (before == waiting_.end() || before->second.asks != one.asks ||
                before->second.priority != one.priority || one.refusers.contains(agent) ||
                !fits(ledger_.site(), one.asks, agent))
                continue;
            const bool more_urgent =
                one.priority > *priority || (one.priority == *priority && one.since < winner->started);
            const SessionFacts* loser = ledger_.session(other);
            expect(!more_urgent, "routing: a less urgent session got the agent",
                   agent + " for " + winner->leg + " (priority " + std::to_string(*priority) + "), while " +
                       (loser == nullptr ? "?" : loser->leg) + " waits (" + std::to_string(one.priority) +
                       ")");
        }
    }

    std::map<CallUuid, std::string> winner_;  // decided, not ringing yet
    std::map<CallUuid, std::string> chosen_;  // of this command
    std::map<CallUuid, Waiting> waiting_;     // after the command before
};

}  // namespace

std::unique_ptr<Check> check_of_routing(Ledger& l, Findings& f) {
    return std::make_unique<RoutingCheck>(l, f);
}

}  // namespace trunkline::random_test
