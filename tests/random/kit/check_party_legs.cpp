// Towards parties outside: a leg of ours is opened once and ended once, before its session is over; what the
// customer wrote and no strategy heard goes over it once and in order, from a name of his that is nobody
// else's; what the party writes reaches its customer once.
#include "tests/random/kit/check.hpp"

namespace trunkline::random_test {
namespace {

class PartyLegsCheck final : public Check {
  public:
    using Check::Check;

    void begin() override {
        to_customer_ = 0;
        status_ = 0;
        text_ = std::get_if<messages::LegText>(ledger_.command);
        // What its peer has ended is no leg any more.
        if (const auto* failed = std::get_if<messages::LegFailed>(ledger_.command))
            if (const auto found = open_.find(failed->leg_key); found != open_.end()) {
                last_ = found->second.party;
                open_.erase(found);
            }
        if (const auto* ended = std::get_if<messages::LegEnded>(ledger_.command)) open_.erase(ended->leg_key);
    }

    void see(const messages::Effect& effect) override {
        if (const auto* open = std::get_if<messages::OpenLeg>(&effect)) see_open(*open);
        if (const auto* end = std::get_if<messages::EndLeg>(&effect); end != nullptr && is_ours(end->leg.key))
            expect(open_.erase(end->leg.key) == 1, "party legs: a leg was ended that was not open",
                   end->leg.key);
        if (const auto* answer = std::get_if<messages::AnswerText>(&effect)) status_ = answer->status;
        if (const auto* send = std::get_if<messages::SendText>(&effect)) see_text(*send);
        const auto* write = std::get_if<messages::WriteRecord>(&effect);
        if (write == nullptr) return;
        if (const auto* row = std::get_if<records::PartyJoined>(&write->record);
            row != nullptr && (row->role == "external" || on_sip(row->dn + realm_of(row->switch_))))
            last_ = row->id;
    }

    void end(const Engine&) override {
        if (text_ != nullptr && status_ == 200)
            expect(to_customer_ == 1, "party legs: a party's text did not reach the customer once",
                   std::to_string(to_customer_));
        if (text_ != nullptr && status_ != 200)
            expect(!open_.contains(text_->leg_key), "party legs: a text on an open leg was refused",
                   std::to_string(status_));
        for (const auto& [key, leg] : open_) {
            const auto party = ledger_.parties.find(leg.party);
            const bool live = party != ledger_.parties.end() && !party->second.over;
            expect(live, "party legs: a leg outlives its party", key);
            const SessionFacts* session = live ? ledger_.session(leg.session) : nullptr;
            if (session == nullptr || !party->second.answered) continue;
            for (std::size_t i = 0; i < session->texts.size(); ++i)
                expect(session->texts[i].heard || leg.sent.contains(i),
                       "party legs: a party did not get a customer's text", session->texts[i].words);
        }
    }

    void finish() override { expect(open_.empty(), "party legs: a leg was never ended", ""); }

  private:
    struct Leg {
        CallUuid session;
        PartyId party;
        std::string name, to;
        std::set<std::size_t> sent;
        bool asked = false;
        messages::LegKind kind = messages::LegKind::pager;
    };

    /// What stands before a party's text towards the customer.
    [[nodiscard]] std::string prefix_on(const std::string& key) const {
        const auto leg = open_.find(key);
        const auto party =
            leg == open_.end() ? ledger_.parties.end() : ledger_.parties.find(leg->second.party);
        if (party == ledger_.parties.end() || party->second.role != "agent") return {};
        const auto seat = ledger_.seats.find(party->second.dn);
        const ProvingAgent* agent =
            seat == ledger_.seats.end() ? nullptr : agent_of_login(seat->second.login, realm_in(seat->first));
        return agent == nullptr ? std::string{} : "[" + agent->login + "/" + agent->employee + "] ";
    }

    void see_open(const messages::OpenLeg& open) {
        const auto party = ledger_.parties.find(last_);
        expect(party != ledger_.parties.end(), "party legs: a leg of no party", open.leg.key);
        if (party == ledger_.parties.end()) return;
        for (const auto& [key, other] : open_)
            expect(other.party != last_ && (other.to != open.to || other.name != open.from_user),
                   "party legs: two customers of one name to one party", open.from_user);
        const bool fresh =
            open_
                .emplace(open.leg.key,
                         Leg{party->second.session, last_, open.from_user, open.to, {}, false, open.leg.kind})
                .second;
        expect(fresh && keys_.insert(open.leg.key).second, "party legs: a leg was opened twice",
               open.leg.key);
        const std::string number = open.to.substr(0, open.to.find('@'));
        expect(party->second.dn.starts_with(open.any_domain ? number.substr(4) : number),
               "party legs: a leg to somebody else", open.to);
        expect(open.from_host == host, "party legs: a customer shown in a domain that is not ours",
               open.from_host);
    }

    void see_text(const messages::SendText& send) {
        if (!is_ours(send.leg.key)) {
            const SessionFacts* session = ledger_.session_at(send.leg.key);
            to_customer_ += text_ != nullptr && session != nullptr && session->out_leg == text_->leg_key &&
                            send.text == prefix_on(text_->leg_key) + text_->text;
            return;
        }
        const auto found = open_.find(send.leg.key);
        expect(found != open_.end(), "party legs: a text on a leg that is not open", send.leg.key);
        if (found == open_.end()) return;
        Leg& leg = found->second;
        expect(send.to == leg.to && send.from_dn == leg.name, "party legs: a text with another leg's address",
               send.to);
        const SessionFacts* session = ledger_.session(leg.session);
        if (session == nullptr) return;
        const auto party = ledger_.parties.find(leg.party);
        expect(leg.kind == messages::LegKind::pager ||
                   (party != ledger_.parties.end() && party->second.answered),
               "party legs: a text before the INVITE was answered", send.leg.key);
        if (!std::exchange(leg.asked, true) && send.text == "New message from " + session->customer) return;
        for (std::size_t i = leg.sent.empty() ? 0 : *leg.sent.rbegin() + 1; i < session->texts.size(); ++i)
            if (session->texts[i].words == send.text) {
                leg.sent.insert(i);
                return;
            }
        found_wrong(*session, send);
    }
    void found_wrong(const SessionFacts& session, const messages::SendText& send) {
        found("party legs: a text twice, out of order, or not the customer's",
              session.leg + ": " + send.text);
    }

    std::map<std::string, Leg> open_;
    std::set<std::string> keys_;
    PartyId last_;
    const messages::LegText* text_ = nullptr;
    int to_customer_ = 0, status_ = 0;
};

}  // namespace

std::unique_ptr<Check> check_of_party_legs(Ledger& l, Findings& f) {
    return std::make_unique<PartyLegsCheck>(l, f);
}

}  // namespace trunkline::random_test
