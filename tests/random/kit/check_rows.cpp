// Rows of reporting: numbered upwards, each opened once and closed once, each of a session inside its
// session.
#include "tests/random/kit/check.hpp"

namespace trunkline::random_test {
namespace {

// The next text on a closed leg names its parent for this long.
constexpr seconds parent_known{3600};

/// Rows of one table that have a beginning and an end.
template <class Key>
class Open {
  public:
    explicit Open(const char* name) : name_(name) {}
    std::optional<Finding> open(Key key, TimePoint at) {
        if (open_.emplace(key, at).second) return std::nullopt;
        return Finding{std::string("rows: ") + name_ + " opened twice", ""};
    }
    std::optional<Finding> close(Key key, TimePoint began) {
        const auto found = open_.find(key);
        if (found == open_.end())
            return Finding{std::string("rows: ") + name_ + " closed that is not open", ""};
        const bool same = found->second == began;
        open_.erase(found);
        if (same) return std::nullopt;
        return Finding{std::string("rows: ") + name_ + " closed under another time", ""};
    }
    [[nodiscard]] bool is_open(Key key) const { return open_.contains(key); }
    [[nodiscard]] bool empty() const { return open_.empty(); }

  private:
    const char* name_;
    std::map<Key, TimePoint> open_;
};

class RowsCheck final : public Check {
  public:
    using Check::Check;

    void begin() override { ended_now_.clear(); }

    void see(const messages::Effect& effect) override {
        if (const auto* write = std::get_if<messages::WriteRecord>(&effect))
            std::visit([this](const auto& row) { row_seen(row); }, write->record);
        // To a party goes the customer's text, which has its row, under a number of its own.
        if (const auto* send = std::get_if<messages::SendText>(&effect);
            send != nullptr && !is_ours(send->leg.key))
            expect(pending_.contains(send->id), "rows: a text was sent without its row", "");
    }

    void end(const Engine&) override {
        for (const auto& [id, session] : ledger_.sessions)
            if (session.over)
                expect(!stays_of_.contains(id), "rows: a session ended in its queue", session.point);
    }

    void finish() override {
        expect(sessions_.empty(), "rows: an interaction was left open", "");
        expect(parties_.empty(), "rows: a party was left open", "");
        expect(stays_.empty(), "rows: a queue stay was left open", "");
        expect(logins_.empty(), "rows: an agent session was left open", "");
        expect(states_.empty(), "rows: an agent state was left open", "");
        expect(pending_.empty(), "rows: a text never had its end", std::to_string(pending_.size()));
    }

  private:
    void keep(std::optional<Finding> finding) {
        if (finding) findings_.push_back(std::move(*finding));
    }
    void rises(Seq seq) {
        expect(seq > last_, "rows: seq does not rise", "");
        last_ = seq;
    }
    // What a strategy still does when it hears of the end is in the trace, in the same command.
    void inside(CallUuid id, std::string_view table) {
        const bool last_steps = table == records::TraceStep::table && ended_now_.contains(id);
        expect(sessions_.is_open(id) || last_steps, "rows: a row of a session that is not open",
               std::string(table));
    }

    template <class Row>
    void row_seen(const Row& row) {
        if constexpr (Row::key.empty()) rises(row.seq);
        if constexpr (requires { row.interaction_id; }) inside(row.interaction_id, Row::table);
        follow(row);
    }
    template <class Row>
    void follow(const Row&) {}

    void follow(const records::InteractionStarted& row) {
        keep(sessions_.open(row.id, row.started_at));
        if (!row.strategy.empty())
            expect(row.generation == ledger_.generation, "rows: an interaction of a generation not in force",
                   row.strategy);
        const SessionFacts* session = ledger_.session(row.id);
        if (session == nullptr) return;
        const auto last = parents_.find(session->leg);
        const bool known = last != parents_.end() && last->second.second + parent_known >= row.started_at;
        expect(row.parent_id == (known ? std::optional(last->second.first) : std::nullopt),
               "rows: an interaction does not name the one before it", session->leg);
    }
    void follow(const records::InteractionEnded& row) {
        rises(row.seq);
        keep(sessions_.close(row.id, row.started_at));
        ended_now_.insert(row.id);
        if (const SessionFacts* session = ledger_.session(row.id))
            parents_[session->leg] = {row.id, row.ended_at};
    }
    void follow(const records::PartyJoined& row) { keep(parties_.open(row.id, row.joined_at)); }
    void follow(const records::PartyLeft& row) {
        rises(row.seq);
        keep(parties_.close(row.id, row.joined_at));
    }
    void follow(const records::QueueEntered& row) {
        keep(stays_.open(row.seq, row.entered_at));
        stay_session_[row.seq] = row.interaction_id;
        stays_of_.insert(row.interaction_id);
    }
    void follow(const records::QueueLeft& row) {
        keep(stays_.close(row.seq, row.entered_at));
        if (const auto found = stay_session_.find(row.seq); found != stay_session_.end()) {
            stays_of_.erase(stays_of_.find(found->second));
            stay_session_.erase(found);
        }
    }
    void follow(const records::AgentSessionOpened& row) { keep(logins_.open(row.seq, row.logged_in_at)); }
    void follow(const records::AgentSessionClosed& row) { keep(logins_.close(row.seq, row.logged_in_at)); }
    void follow(const records::AgentStateEntered& row) {
        expect(logins_.is_open(row.session_id), "rows: an agent state outside of a log-in", row.agent);
        keep(states_.open(row.seq, row.started_at));
    }
    void follow(const records::AgentStateLeft& row) { keep(states_.close(row.seq, row.started_at)); }
    // One generation is in force: it is told when another takes its place, before that one. The first was
    // loaded before anybody looked.
    void follow(const records::ScriptGeneration& row) {
        if (row.outcome != "loaded") return;
        expect(in_force_.empty(), "rows: a generation took another's place untold", "");
        keep(in_force_.open(row.seq, row.loaded_at));
        reloaded_ = true;
    }
    void follow(const records::ScriptGenerationReplaced& row) {
        expect(row.outcome == "superseded", "rows: a generation has another end than being replaced",
               row.outcome);
        if (reloaded_) keep(in_force_.close(row.seq, row.loaded_at));
    }
    void follow(const records::Message& row) {
        if (row.direction != "in" || row.status == "pending") pending_[row.id] = row.at;
        if (row.status == "held") held_[row.id] = row.at;
    }
    void follow(const records::MessageStatus& row) {
        rises(row.seq);
        const auto ended = [&](std::map<TextId, TimePoint>& texts) {
            const auto found = texts.find(row.id);
            if (found == texts.end() || found->second != row.at) return false;
            texts.erase(found);
            return true;
        };
        expect(ended(pending_) || ended(held_), "rows: a text got another end, or ends under another time",
               row.status);
    }

    Seq last_;
    Open<CallUuid> sessions_{"an interaction"};
    Open<PartyId> parties_{"a party"};
    Open<Seq> stays_{"a queue stay"}, logins_{"an agent session"}, states_{"an agent state"},
        in_force_{"a generation"};
    bool reloaded_ = false;
    std::set<CallUuid> ended_now_;  // in this command
    std::map<Seq, CallUuid> stay_session_;
    std::multiset<CallUuid> stays_of_;
    std::map<TextId, TimePoint> pending_, held_;
    std::map<std::string, std::pair<CallUuid, TimePoint>> parents_;
};

}  // namespace

std::unique_ptr<Check> check_of_rows(Ledger& l, Findings& f) { return std::make_unique<RowsCheck>(l, f); }

}  // namespace trunkline::random_test
