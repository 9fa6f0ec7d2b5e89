// Towards SIP: every request is answered once, texts go to live legs only, a leg ends once and from one side.
#include "tests/random/kit/check.hpp"

namespace trunkline::random_test {
namespace {

class LegsCheck final : public Check {
  public:
    using Check::Check;

    void begin() override {
        answers_ = 0;
        text_.reset();
        if (const auto* text = std::get_if<messages::TextReceived>(ledger_.command)) text_ = text->txn;
        if (const auto* text = std::get_if<messages::LegText>(ledger_.command)) text_ = text->txn;
        if (const auto* offered = std::get_if<messages::SessionOffered>(ledger_.command))
            invites_.emplace(offered->txn, offered->leg.key);
        if (const auto* ended = std::get_if<messages::LegEnded>(ledger_.command)) {
            if (const SessionFacts* session = ledger_.session_at(ended->leg_key)) gone_.insert(session->id);
            std::erase_if(invites_, [&](const auto& entry) { return entry.second == ended->leg_key; });
        }
    }

    void see(const messages::Effect& effect) override {
        if (const auto* answer = std::get_if<messages::AnswerText>(&effect)) {
            expect(text_ && answer->txn == *text_, "legs: an answer to no text", "");
            ++answers_;
        }
        if (const auto* answer = std::get_if<messages::AnswerSession>(&effect)) see_answer(*answer);
        if (const auto* send = std::get_if<messages::SendText>(&effect)) see_text(*send);
        if (const auto* end = std::get_if<messages::EndLeg>(&effect);
            end != nullptr && !is_ours(end->leg.key)) {
            const SessionFacts* session = ledger_.session_at(end->leg.key);
            expect(session != nullptr && !gone_.contains(session->id),
                   "legs: a leg was ended that was not live", end->leg.key);
            if (session != nullptr)
                expect(ended_.insert(session->id).second, "legs: a leg was ended twice", end->leg.key);
        }
    }

    void end(const Engine&) override {
        const bool begun = ledger_.sessions.size() > sessions_;
        expect(!draining_ || !begun, "legs: a session began in a server that drains", "");
        if (std::holds_alternative<messages::Drain>(*ledger_.command)) draining_ = true;
        sessions_ = ledger_.sessions.size() -
                    static_cast<std::size_t>(std::count_if(ledger_.sessions.begin(), ledger_.sessions.end(),
                                                           [](const auto& one) { return one.second.over; }));
        expect(!text_ || answers_ == 1, "legs: a text was not answered once",
               std::to_string(answers_) + " answers");
        for (const auto& [id, session] : ledger_.sessions) {
            if (!session.over) continue;
            for (const auto& [txn, leg] : invites_)
                expect(leg != session.leg, "legs: a session ended and its INVITE has no answer", leg);
            gone_.erase(id);
            ended_.erase(id);
        }
    }

    void finish() override { expect(invites_.empty(), "legs: an INVITE never had its final answer", ""); }

  private:
    void see_answer(const messages::AnswerSession& answer) {
        const auto invite = invites_.find(answer.txn);
        expect(invite != invites_.end(), "legs: an answer to no INVITE", answer.leg_key);
        if (answer.status >= 200 && invite != invites_.end()) invites_.erase(invite);
        if (const SessionFacts* session = ledger_.session_at(answer.leg_key);
            session != nullptr && answer.status >= 300)
            expect(ended_.insert(session->id).second, "legs: a leg was ended twice", answer.leg_key);
    }

    void see_text(const messages::SendText& send) {
        if (is_ours(send.leg.key)) return;
        const SessionFacts* session = ledger_.session_at(send.leg.key);
        expect(session != nullptr && !gone_.contains(session->id),
               "legs: a text to a customer who is not there", send.leg.key);
        if (session == nullptr) return;
        expect(session->kind == messages::LegKind::pager || session->accepted,
               "legs: a text before the INVITE was accepted", send.leg.key);
        expect(send.to == session->customer && send.from_dn == session->point,
               "legs: a text with another session's address", send.to);
        expect(texts_.insert(send.id).second, "legs: two texts have one id", send.leg.key);
    }

    std::optional<SipTxnId> text_;  // of this command, to be answered
    bool draining_ = false;
    std::size_t sessions_ = 0;  // live after the command before
    int answers_ = 0;
    std::map<SipTxnId, std::string> invites_;  // without a final answer -> leg
    std::set<CallUuid> gone_;                  // left by the customer in this command
    std::set<CallUuid> ended_;                 // by us
    std::set<TextId> texts_;
};

}  // namespace

std::unique_ptr<Check> check_of_legs(Ledger& l, Findings& f) { return std::make_unique<LegsCheck>(l, f); }

}  // namespace trunkline::random_test
