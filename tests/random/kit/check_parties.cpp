// An agent's party, as its rows tell it and as its DN's clients see it: rings first, then is established or
// not, and ends in one way; every client of the DN sees each step once.
#include "engine/interactions/party_state.hpp"
#include "tests/random/kit/check.hpp"

namespace trunkline::random_test {
namespace {

using messages::MessageId;

class PartiesCheck final : public Check {
  public:
    using Check::Check;

    void begin() override {
        steps_.clear();
        shown_.clear();
    }

    void see(const messages::Effect& effect) override {
        if (const auto* write = std::get_if<messages::WriteRecord>(&effect)) {
            if (const auto* row = std::get_if<records::PartyState>(&write->record)) see_state(*row);
            if (const auto* row = std::get_if<records::PartyJoined>(&write->record); row != nullptr)
                step(row->id, row->role, MessageId::event_ringing);
            if (const auto* row = std::get_if<records::PartyAnswered>(&write->record)) {
                const auto party = ledger_.parties.find(row->id);
                expect(party != ledger_.parties.end() && party->second.state == "connected",
                       "parties: answered without ringing", "");
                if (party != ledger_.parties.end())
                    step(row->id, party->second.role, MessageId::event_established);
            }
            if (const auto* row = std::get_if<records::PartyLeft>(&write->record)) {
                const auto party = ledger_.parties.find(row->id);
                if (party != ledger_.parties.end())
                    step(row->id, party->second.role, MessageId::event_released);
            }
        }
        if (const auto* emit = std::get_if<messages::EmitEvent>(&effect)) see_event(*emit);
    }

    void end(const Engine&) override {
        for (const auto& [where, steps] : steps_)
            for (const ClientId client : ledger_.registered[where.dn]) {
                const auto& shown = shown_[{client, where}];
                expect(steps == shown, "parties: a DN's client does not see what happens to its party",
                       where.dn + ": " + names(shown) + " instead of " + names(steps));
            }
        for (const auto& [to, shown] : shown_)
            expect(steps_.contains(to.where), "parties: an event of a party to which nothing happened",
                   to.where.dn);
        std::map<CallUuid, int> agents;
        for (const auto& [id, party] : ledger_.parties)
            if ((party.role == "agent" || party.role == "external") && !party.over) ++agents[party.session];
        for (const auto& [session, count] : agents)
            expect(count == 1, "parties: a session is offered to two at once", "");
    }

    void finish() override { expect(ledger_.parties.empty(), "parties: somebody never left", ""); }

  private:
    struct Where {
        std::string dn;
        ConnId conn;
        friend auto operator<=>(const Where&, const Where&) = default;
    };
    struct To {
        ClientId client;
        Where where;
        friend auto operator<=>(const To&, const To&) = default;
    };

    void step(PartyId id, const std::string& role, MessageId what) {
        if (role != "agent") return;
        const auto party = ledger_.parties.find(id);
        const SessionFacts* session =
            party == ledger_.parties.end() ? nullptr : ledger_.session(party->second.session);
        if (session == nullptr) return;
        MessageId shown = what;
        if (what == MessageId::event_released && !party->second.answered &&
            party->second.cause == "abandoned")
            shown = MessageId::event_abandoned;
        steps_[{party->second.dn, session->conn}].push_back(shown);
    }

    void see_event(const messages::EmitEvent& emit) {
        const messages::TMessage& event = *emit.event;
        const MessageId id = event.message;
        const SessionFacts* session = event.conn_id ? ledger_.session_of(event.conn_id) : nullptr;
        if (id == MessageId::event_error) return;
        if (event.conn_id)
            expect(session != nullptr, "parties: an event of a session that is not", event.this_dn);
        const auto& queues = virtual_queues();
        if (session == nullptr || event.this_dn == session->point) return;
        if (std::find(queues.begin(), queues.end(), event.this_dn) != queues.end()) return;
        if (id != MessageId::event_ringing && id != MessageId::event_established &&
            id != MessageId::event_released && id != MessageId::event_abandoned)
            return;
        for (const ClientId client : emit.clients)
            shown_[{client, {Ledger::dn_of(emit), event.conn_id}}].push_back(id);
    }

    void see_state(const records::PartyState& row) {
        using interactions::party_transitions;
        const auto at = states_.try_emplace(row.party_id, "none").first;
        bool legal = false;
        for (const auto& t : party_transitions)
            legal = legal || (to_text(t.from) == at->second && to_text(t.to) == row.state);
        expect(legal, "parties: a change of state that is in no table", at->second + " to " + row.state);
        at->second = row.state;
        if (row.state == "released") states_.erase(at);
    }

    static std::string names(const std::vector<MessageId>& events) {
        std::string out;
        for (const MessageId id : events)
            out += (out.empty() ? "" : " ") + std::string(messages::name_of(id));
        return out.empty() ? "nothing" : out;
    }

    std::map<Where, std::vector<MessageId>> steps_;  // of this command, by the rows
    std::map<To, std::vector<MessageId>> shown_;     // of this command, by the events
    std::map<PartyId, std::string> states_;
};

}  // namespace

std::unique_ptr<Check> check_of_parties(Ledger& l, Findings& f) {
    return std::make_unique<PartiesCheck>(l, f);
}

}  // namespace trunkline::random_test
