// Virtual queues: a stay is one row, and its events at the queue's DN go queued, diverted, queued again where
// nobody answered, and end as the row does.
#include "tests/random/kit/check.hpp"

namespace trunkline::random_test {
namespace {

using messages::MessageId;

class QueuesCheck final : public Check {
  public:
    using Check::Check;

    void see(const messages::Effect& effect) override {
        if (const auto* write = std::get_if<messages::WriteRecord>(&effect)) {
            if (const auto* row = std::get_if<records::QueueEntered>(&write->record)) entered(*row);
            if (const auto* row = std::get_if<records::QueueLeft>(&write->record)) left(*row);
        }
        if (const auto* emit = std::get_if<messages::EmitEvent>(&effect)) see_event(*emit);
    }

    void end(const Engine&) override {
        for (const auto& [where, row] : open_) {
            const auto& [session_id, queue] = where;
            const SessionFacts* session = ledger_.session(session_id);
            if (session == nullptr || session->over) {
                found("queues: a session ended in a virtual queue", queue);
                continue;
            }
            const MessageId last = last_[where];
            const bool rings = ledger_.agent_party(session_id) != nullptr;
            expect(last == MessageId::event_queued || last == MessageId::event_diverted,
                   "queues: in a virtual queue that its clients do not see it in", queue);
            expect(rings || last == MessageId::event_queued,
                   "queues: diverted from a virtual queue and nobody rings", queue);
        }
        std::erase_if(last_, [this](const auto& one) { return !open_.contains(one.first); });
    }

    void finish() override { expect(open_.empty(), "queues: a stay was left open", ""); }

  private:
    using Where = std::pair<CallUuid, std::string>;

    void entered(const records::QueueEntered& row) {
        if (row.kind != "virtual_queue") return;
        expect(realm_of(row.tenant).empty(), "queues: a queue that its tenant does not have", row.queue);
        expect(open_.emplace(Where{row.interaction_id, row.queue}, row.seq).second,
               "queues: in one virtual queue twice", row.queue);
    }

    void left(const records::QueueLeft& row) {
        const auto stay =
            std::find_if(open_.begin(), open_.end(), [&](const auto& one) { return one.second == row.seq; });
        if (stay == open_.end()) return;  // of a routing point
        const Where where = stay->first;
        open_.erase(stay);
        const MessageId last = last_[where];
        const PartyFacts* agent = ledger_.agent_party(where.first);
        const bool ended = last == MessageId::event_diverted ||
                           (last == MessageId::event_abandoned && row.outcome == "abandoned");
        expect(ended, "queues: a stay ended and its clients do not know", where.second + " " + row.outcome);
        if (row.outcome == "distributed")
            expect(agent != nullptr && agent->answered, "queues: distributed and nobody answered",
                   where.second);
    }

    void see_event(const messages::EmitEvent& emit) {
        const messages::TMessage& event = *emit.event;
        const auto& queues = virtual_queues();
        if (!event.conn_id || std::find(queues.begin(), queues.end(), event.this_dn) == queues.end()) return;
        if (std::none_of(emit.clients.begin(), emit.clients.end(), is_watcher)) return;
        const SessionFacts* session = ledger_.session_of(event.conn_id);
        if (session == nullptr) return found("queues: an event of no session", event.this_dn);
        const auto at = last_.find({session->id, event.this_dn});
        const bool queued = event.message == MessageId::event_queued;
        if (!queued && event.message != MessageId::event_diverted &&
            event.message != MessageId::event_abandoned)
            return;
        const bool was_queued = at != last_.end() && at->second == MessageId::event_queued;
        expect(queued != was_queued, "queues: events of a virtual queue out of order",
               std::string(messages::name_of(event.message)) + " at " + event.this_dn);
        last_[{session->id, event.this_dn}] = event.message;
    }

    std::map<Where, Seq> open_;
    std::map<Where, MessageId> last_;
};

}  // namespace

std::unique_ptr<Check> check_of_queues(Ledger& l, Findings& f) { return std::make_unique<QueuesCheck>(l, f); }

}  // namespace trunkline::random_test
