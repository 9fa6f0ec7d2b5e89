// What happens while a session waits for an agent: its priority rises when it should, its busy treatment runs
// then and only then, and direct routing rings no DN where three ring.
#include "tests/random/kit/check.hpp"

namespace trunkline::random_test {
namespace {

constexpr int most_ringing_at_a_dn = 3;
constexpr const char* busy_words = "still looking";

class WaitingCheck final : public Check {
  public:
    using Check::Check;

    void see(const messages::Effect& effect) override {
        if (const auto* send = std::get_if<messages::SendText>(&effect)) {
            const SessionFacts* session = ledger_.session_at(send->leg.key);
            if (session != nullptr && send->text.find(busy_words) != std::string::npos)
                expect(ledger_.agent_party(session->id) == nullptr,
                       "waiting: a busy treatment speaks though an agent was found", send->leg.key);
        }
        const auto* write = std::get_if<messages::WriteRecord>(&effect);
        if (write == nullptr) return;
        if (const auto* row = std::get_if<records::Decision>(&write->record))
            decided_.insert(row->interaction_id);
        // Who was chosen from targets has the places of his capacity; the bound is that of direct routing.
        if (const auto* row = std::get_if<records::PartyJoined>(&write->record);
            row != nullptr && row->role == "agent" && decided_.erase(row->interaction_id) == 0)
            see_ringing(row->dn + realm_of(row->switch_));
    }

    void end(const Engine& engine) override {
        const StatusRow status = engine.status(ledger_.now);
        expect(status.generations_live <= 8, "waiting: more than eight generations live",
               std::to_string(status.generations_live));
        expect(status.reconciled_total == 0, "waiting: the reconciler had to end something", "");
        int offers = 0;
        for (const auto& [id, party] : ledger_.parties)
            offers += (party.role == "agent" || party.role == "external") && !party.answered && !party.over;
        expect(status.reservations == offers, "waiting: reservations are not the parties that ring",
               std::to_string(status.reservations) + " instead of " + std::to_string(offers));
        for (const InteractionRow& row : engine.interactions(ledger_.now)) {
            const SessionFacts* session = ledger_.session_of(parse_conn_id(row.conn_id));
            if (session == nullptr) continue;
            see_priority(*session, row);
            expect(session->busy != "on" || row.state == "waiting",
                   "waiting: a busy treatment runs and the session does not wait", row.state);
        }
    }

  private:
    std::set<CallUuid> decided_;  // no DN rings for it yet

    void see_ringing(const std::string& dn) {
        int ringing = 0;
        for (const auto& [id, party] : ledger_.parties)
            ringing += party.role == "agent" && party.dn == dn && !party.answered && !party.over;
        expect(ringing <= most_ringing_at_a_dn, "waiting: more than three ring at a DN", dn);
    }

    void see_priority(const SessionFacts& session, const InteractionRow& row) {
        const PartyFacts* agent = ledger_.agent_party(session.id);
        if (!session.rise || row.state == "established" || agent != nullptr) return;
        const auto steps = static_cast<int>((ledger_.now - session.rise->from) / session.rise->every);
        const int should = std::min(session.rise->limit, steps * session.rise->by);
        expect(row.priority == should, "waiting: a priority that does not rise as it was told",
               std::to_string(row.priority) + " instead of " + std::to_string(should));
    }
};

}  // namespace

std::unique_ptr<Check> check_of_waiting(Ledger& l, Findings& f) {
    return std::make_unique<WaitingCheck>(l, f);
}

}  // namespace trunkline::random_test
