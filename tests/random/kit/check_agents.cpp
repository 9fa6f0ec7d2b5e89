// An agent is in the state that the requests and his work make, and has in hand what his parties say.
#include "tests/random/kit/check.hpp"

namespace trunkline::random_test {
namespace {

class AgentsCheck final : public Check {
  public:
    using Check::Check;

    void end(const Engine& engine) override {
        const std::vector<AgentRow> rows = engine.agents(ledger_.now);
        expect(rows.size() == ledger_.seats.size(), "agents: somebody is logged in who should not be, or not",
               std::to_string(rows.size()) + " instead of " + std::to_string(ledger_.seats.size()));
        for (const AgentRow& row : rows) {
            const auto seat = ledger_.seats.find(row.dn);
            if (seat == ledger_.seats.end() || row.agent.empty()) continue;
            const std::string should(ledger_.established(row.agent) ? "Busy"
                                                                    : agents::to_text(seat->second.state));
            expect(row.state == should, "agents: a state that nothing explains",
                   row.agent + " is " + row.state + " instead of " + should);
            expect(row.chats == ledger_.load_of(row.agent), "agents: a load that is not what he has in hand",
                   row.agent + ": " + std::to_string(row.chats) + " instead of " +
                       std::to_string(ledger_.load_of(row.agent)));
            expect(row.reachable == ledger_.reachable(row.dn), "agents: reachable is wrong", row.dn);
        }
        for (const auto& [dn, seat] : ledger_.seats) who_left_goes(seat);
    }

    void finish() override { expect(ledger_.seats.empty(), "agents: somebody never logged out", ""); }

  private:
    void who_left_goes(const SeatFacts& seat) {
        for (const auto& person : ledger_.site().tenants[0].persons)
            if (person.user_name == seat.agent) return;
        for (const auto& [id, party] : ledger_.parties)
            if (party.role == "agent" && party.dn == seat.dn && !party.over) return;
        found("agents: somebody who left the configuration is still logged in", seat.agent);
    }
};

}  // namespace

std::unique_ptr<Check> check_of_agents(Ledger& l, Findings& f) { return std::make_unique<AgentsCheck>(l, f); }

}  // namespace trunkline::random_test
