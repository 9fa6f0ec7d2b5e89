// What is written is read: by the strategy that collected it, or by the agent, once and in order, after
// EventEstablished; and the agent's words reach his customer once, behind his own prefix.
#include "tests/random/kit/check.hpp"
#include "tests/random/kit/proving_site.hpp"

namespace trunkline::random_test {
namespace {

using messages::MessageId;

std::string words_of(const messages::TMessage& event) {
    return event.extensions ? std::string(event.extensions->text("im")) : std::string{};
}

class TextsCheck final : public Check {
  public:
    using Check::Check;

    void begin() override {
        seen_.clear();
        due_.clear();
        sent_ = 0;
        said_ = nullptr;
        prefix_.clear();
        const messages::TMessage* asked = ledger_.request();
        if (asked == nullptr || asked->message != MessageId::request_private_service) return;
        said_ = asked;
        const std::string realm = realm_of(std::get<messages::ClientRequest>(*ledger_.command).client);
        if (const auto seat = ledger_.seats.find(asked->this_dn + realm); seat != ledger_.seats.end())
            if (const ProvingAgent* agent = agent_of_login(seat->second.login, realm))
                prefix_ = "[" + agent->login + "/" + agent->employee + "] ";
    }

    void see(const messages::Effect& effect) override {
        if (const auto* emit = std::get_if<messages::EmitEvent>(&effect)) see_event(*emit);
        if (const auto* send = std::get_if<messages::SendText>(&effect)) see_text(*send);
        const auto* write = std::get_if<messages::WriteRecord>(&effect);
        if (write == nullptr) return;
        if (const auto* row = std::get_if<records::Userdata>(&write->record);
            row != nullptr && row->key_ == "heard")
            see_heard(*row);
        if (const auto* row = std::get_if<records::PartyAnswered>(&write->record)) see_answered(row->id);
    }

    void end(const Engine&) override {
        if (const auto* text = std::get_if<messages::TextReceived>(ledger_.command)) {
            const SessionFacts* session = ledger_.session_at(text->leg.key);
            const PartyFacts* agent = session == nullptr ? nullptr : ledger_.agent_party(session->id);
            // One who was established in this very command had it among the texts that were held.
            if (agent != nullptr && agent->answered && !due_.contains(agent->id) && !session->texts.empty() &&
                session->texts.back().words == text->text)
                due_[agent->id] = {text->text};
        }
        for (const auto& [party, words] : due_) must_have_read(party, words);
        if (said_ != nullptr && !ledger_.refused)
            expect(sent_ == 1, "texts: an agent's text did not reach the customer once",
                   std::to_string(sent_));
        for (const auto& [id, session] : ledger_.sessions)
            if (session.over) heard_.erase(id);
    }

  private:
    // Held texts become due with the answer: all that no strategy has heard.
    void see_answered(PartyId id) {
        const auto party = ledger_.parties.find(id);
        const SessionFacts* session =
            party == ledger_.parties.end() ? nullptr : ledger_.session(party->second.session);
        if (session == nullptr) return;
        auto& due = due_[id];
        for (const auto& text : session->texts)
            if (!text.heard) due.push_back(text.words);
    }

    void must_have_read(PartyId id, const std::vector<std::string>& words) {
        const auto party = ledger_.parties.find(id);
        if (party == ledger_.parties.end() || party->second.over) return;
        for (const ClientId client : ledger_.registered[party->second.dn]) {
            std::vector<std::string> read;
            for (const auto& entry : seen_)
                if (entry.client == client && entry.dn == party->second.dn &&
                    entry.session == party->second.session)
                    read.push_back(entry.words);
            if (read == words) continue;
            std::vector<std::string> a = read, b = words;
            std::sort(a.begin(), a.end());
            std::sort(b.begin(), b.end());
            found(a == b                ? "texts: an agent read a customer's texts out of order"
                  : a.size() < b.size() ? "texts: an agent did not get a customer's text"
                                        : "texts: an agent got a customer's text twice or too early",
                  "at " + party->second.dn + ": " + std::to_string(read.size()) + " of " +
                      std::to_string(words.size()));
        }
    }

    void see_event(const messages::EmitEvent& emit) {
        const messages::TMessage& event = *emit.event;
        if (event.message != MessageId::event_private_info) return;
        const SessionFacts* session = ledger_.session_of(event.conn_id);
        expect(session != nullptr, "texts: EventPrivateInfo of no session", event.this_dn);
        if (session == nullptr) return;
        const std::string dn = Ledger::dn_of(emit);
        const PartyFacts* agent = ledger_.agent_party(session->id, dn);
        if (agent != nullptr && !agent->answered)
            found("texts: a text at an agent who is not established", event.this_dn);
        const std::string words = words_of(event);
        if (event.other_dn != session->ani) return;
        const bool his = std::any_of(session->texts.begin(), session->texts.end(),
                                     [&](const auto& text) { return text.words == words; });
        expect(his, "texts: a customer's text in another session", event.this_dn);
        for (const ClientId client : emit.clients)
            if (!ledger_.registered[messages::im_monitor_dn + session->realm].contains(client))
                seen_.push_back({client, session->id, dn, words});
    }

    void see_heard(const records::Userdata& row) {
        const SessionFacts* session = ledger_.session(row.interaction_id);
        if (session == nullptr || row.change == "deleted") return;
        for (std::size_t i = 0; i < session->texts.size(); ++i) {
            if (session->texts[i].words != row.value) continue;
            const auto last = heard_.find(session->id);
            expect(last == heard_.end() || last->second < i,
                   "texts: a strategy heard a text twice or out of order", row.value);
            heard_[session->id] = i;
            return;
        }
        found("texts: a strategy heard what its customer never wrote", row.value);
    }

    void see_text(const messages::SendText& send) {
        const SessionFacts* session = ledger_.session_at(send.leg.key);
        if (session == nullptr) return;
        if (said_ != nullptr && said_->conn_id == session->conn && said_->extensions) {
            const std::string words(said_->extensions->text("im"));
            if (send.text.ends_with(words)) {
                ++sent_;
                expect(send.text == prefix_ + words, "texts: an agent's text without his own prefix",
                       send.leg.key);
                return;
            }
        }
        const auto* party = std::get_if<messages::LegText>(ledger_.command);
        const bool ours = (party != nullptr && send.text.ends_with(party->text)) ||
                          send.text.starts_with(automatic + session->ani + ": ") ||
                          send.text.starts_with(sorry);
        expect(ours, "texts: a text to a customer that nobody wrote to him", send.leg.key);
    }

    struct Seen {
        ClientId client;
        CallUuid session;
        std::string dn, words;
    };
    std::vector<Seen> seen_;                           // customers' texts, in this command
    std::map<PartyId, std::vector<std::string>> due_;  // what each agent has to read in this command
    std::map<CallUuid, std::size_t> heard_;            // index of the last text that the strategy heard
    const messages::TMessage* said_ = nullptr;
    std::string prefix_;
    int sent_ = 0;
};

}  // namespace

std::unique_ptr<Check> check_of_texts(Ledger& l, Findings& f) { return std::make_unique<TextsCheck>(l, f); }

}  // namespace trunkline::random_test
