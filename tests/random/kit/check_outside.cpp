// What scripts learn from outside: an answer reaches the strategy that asked, in its time, once; an answer to
// what nobody waits for does nothing; an event wakes whom it is about; and clients route only what is theirs.
#include "tests/random/kit/check.hpp"

namespace trunkline::random_test {
namespace {

using messages::MessageId;

class OutsideCheck final : public Check {
  public:
    using Check::Check;

    void begin() override {
        effects_ = 0;
        heard_ = false;
        answered_.reset();
        is_answer_ = false;
        if (const auto* query = std::get_if<messages::QueryAnswered>(ledger_.command)) came(query->id);
        if (const auto* http = std::get_if<messages::HttpAnswered>(ledger_.command)) came(http->id);
    }

    void see(const messages::Effect& effect) override {
        ++effects_;
        if (const auto* query = std::get_if<messages::RunQuery>(&effect))
            asked(query->id, query->interaction, query->query.timeout, word_of(query->query));
        if (const auto* http = std::get_if<messages::SendHttp>(&effect))
            asked(http->id, http->interaction, http->request.timeout, word_of(http->request));
        const auto* write = std::get_if<messages::WriteRecord>(&effect);
        if (const auto* step = write == nullptr ? nullptr : std::get_if<records::TraceStep>(&write->record);
            step != nullptr && step->step == "error")  // its strategy was ended
            std::erase_if(pending_,
                          [&](const auto& one) { return one.second.session == step->interaction_id; });
        const auto* row = write == nullptr ? nullptr : std::get_if<records::Userdata>(&write->record);
        if (row == nullptr || row->change == "deleted") return;
        if (row->key_ == "answered") told(*row);
        if (row->key_ == "woke") woken(*row);
    }

    void end(const Engine&) override {
        const messages::TMessage* request = ledger_.request();
        if (request != nullptr && request->message == MessageId::request_route_call && !ledger_.refused)
            if (const SessionFacts* session = ledger_.session_of(request->conn_id))
                expect(session->strategy.empty() || session->handed,
                       "outside: a client routed what a strategy routes", session->strategy);
        if (is_answer_ && !answered_ && !ledger_.timers_due)
            expect(effects_ == 0, "outside: an answer that nobody waits for did something", "");
        if (answered_ && ledger_.session(answered_->session) != nullptr && !answered_->busy)
            expect(heard_, "outside: an answer in time did not reach its strategy", answered_->word);
        std::erase_if(pending_, [this](const auto& one) {
            const SessionFacts* session = ledger_.session(one.second.session);
            if (session == nullptr || session->over) return true;
            if (one.second.busy) return one.second.due <= ledger_.now;
            expect(one.second.due >= ledger_.now, "outside: a strategy waits past its time", one.second.word);
            return false;
        });
    }

  private:
    struct Request {
        CallUuid session;
        std::string word;
        TimePoint due;
        bool busy = false;  // of a busy treatment, which may be cut short
    };

    void asked(OutsideId id, CallUuid session, Duration timeout, const std::string& word) {
        const bool busy = word.starts_with("busy");
        if (busy)  // a session has one busy treatment: the one before was cut short with its question
            std::erase_if(pending_,
                          [&](const auto& one) { return one.second.busy && one.second.session == session; });
        expect(pending_.emplace(id, Request{session, word, ledger_.now + timeout, busy}).second,
               "outside: two requests have one id", word);
    }

    void came(OutsideId id) {
        is_answer_ = true;
        const auto found = pending_.find(id);
        if (found == pending_.end()) return;
        answered_ = found->second;
        if (answered_->due <= ledger_.now) answered_->busy = true;  // its time may have come first
        pending_.erase(found);
    }

    // "<word>" or "none of <word>: why".
    void told(const records::Userdata& row) {
        if (answered_ && answered_->session == row.interaction_id) {
            heard_ = true;
            expect(row.value.find(answered_->word) != std::string::npos,
                   "outside: a strategy heard another's answer", row.value + " for " + answered_->word);
            return;
        }
        const auto own = std::find_if(pending_.begin(), pending_.end(), [&](const auto& one) {
            return one.second.session == row.interaction_id &&
                   row.value.find(one.second.word) != std::string::npos;
        });
        expect(own != pending_.end() && row.value.starts_with("none"),
               "outside: a strategy heard an answer that never came", row.value);
        if (own == pending_.end()) return;
        const SessionFacts* session = ledger_.session(row.interaction_id);
        const auto* ended = std::get_if<messages::LegEnded>(ledger_.command);
        if (ended == nullptr && session != nullptr)
            expect(own->second.due <= ledger_.now || row.value.ends_with("abandoned"),
                   "outside: a strategy gave up before its time", row.value);
        pending_.erase(own);
    }

    void woken(const records::Userdata& row) {
        const SessionFacts* session = ledger_.session(row.interaction_id);
        if (session == nullptr || row.value.starts_with("nothing")) return;
        const messages::TMessage* request = ledger_.request();
        expect(request != nullptr && request->message == MessageId::request_distribute_user_event &&
                   request->conn_id == session->conn && request->user_data &&
                   request->user_data->text("note") == row.value,
               "outside: a strategy was woken by no event of its own", row.value);
    }

    std::map<OutsideId, Request> pending_;
    std::optional<Request> answered_;  // in this command
    bool is_answer_ = false, heard_ = false;
    int effects_ = 0;
};

}  // namespace

std::unique_ptr<Check> check_of_outside(Ledger& l, Findings& f) {
    return std::make_unique<OutsideCheck>(l, f);
}

}  // namespace trunkline::random_test
