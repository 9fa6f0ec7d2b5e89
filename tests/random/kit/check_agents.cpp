// An agent is in the state that the requests and his work make, and has in hand what his parties say.
#include "tests/random/kit/check.hpp"
#include "tests/random/kit/proving_site.hpp"

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
            const std::string dn = row.dn + realm_of(row.tenant), agent = row.agent + realm_of(row.tenant);
            const auto seat = ledger_.seats.find(dn);
            if (seat == ledger_.seats.end() || row.agent.empty()) continue;
            const std::string should(ledger_.established(agent) ? "Busy"
                                                                : agents::to_text(seat->second.state));
            expect(row.state == should, "agents: a state that nothing explains",
                   agent + " is " + row.state + " instead of " + should);
            expect(row.chats == ledger_.load_of(agent), "agents: a load that is not what he has in hand",
                   agent + ": " + std::to_string(row.chats) + " instead of " +
                       std::to_string(ledger_.load_of(agent)));
            const bool unreachable = row.reasons.find("unreachable") != std::string::npos;
            expect(unreachable == seat->second.before_unreachable.has_value(),
                   "agents: called unreachable and is not, or the other way round", agent + row.reasons);
            expect(row.reachable == ledger_.reachable(dn), "agents: reachable is wrong", dn);
        }
        for (const auto& [dn, seat] : ledger_.seats) who_left_goes(seat);
    }

    void finish() override { expect(ledger_.seats.empty(), "agents: somebody never logged out", ""); }

  private:
    void who_left_goes(const SeatFacts& seat) {
        if (person_of(ledger_.site(), seat.agent) != nullptr) return;
        for (const auto& [id, party] : ledger_.parties)
            if (party.role == "agent" && party.dn == seat.dn && !party.over) return;
        found("agents: somebody who left the configuration is still logged in", seat.agent);
    }
};

}  // namespace

std::unique_ptr<Check> check_of_agents(Ledger& l, Findings& f) { return std::make_unique<AgentsCheck>(l, f); }

}  // namespace trunkline::random_test
