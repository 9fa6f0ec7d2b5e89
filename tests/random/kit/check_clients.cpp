// Towards T-Library: an event goes to clients that are there and that registered its DN, once.
#include "tests/random/kit/check.hpp"

namespace trunkline::random_test {
namespace {

using messages::MessageId;

class ClientsCheck final : public Check {
  public:
    using Check::Check;

    void begin() override { answers_ = 0; }

    void see(const messages::Effect& effect) override {
        const auto* emit = std::get_if<messages::EmitEvent>(&effect);
        if (emit == nullptr) return;
        const messages::TMessage& event = *emit->event;
        const std::string what = std::string(messages::name_of(event.message)) + " at " + event.this_dn;
        expect(!emit->clients.empty(), "clients: an event for nobody", what);
        std::set<ClientId> once;
        const auto* asked = std::get_if<messages::ClientRequest>(ledger_.command);
        for (const ClientId client : emit->clients) {
            expect(once.insert(client).second, "clients: one event twice to a client", what);
            expect(ledger_.clients.contains(client), "clients: an event to a client that has gone", what);
            if (event.message == MessageId::event_error || event.message == MessageId::event_unregistered)
                expect(asked != nullptr && asked->client == client, "clients: another client's answer", what);
            else
                expect(may_read(client, event), "clients: an event to a client that did not register the DN",
                       what);
        }
        if (asked != nullptr && event.reference_id) {
            ++answers_;
            expect(event.reference_id == asked->request.reference_id && emit->clients.size() == 1 &&
                       emit->clients[0] == asked->client,
                   "clients: a ReferenceID that is not the sender's", what);
        }
    }

    void end(const Engine&) override {
        const auto* asked = std::get_if<messages::ClientRequest>(ledger_.command);
        if (asked != nullptr && ledger_.clients.contains(asked->client))
            expect(answers_ == 1, "clients: a request was not answered once",
                   std::string(messages::name_of(asked->request.message)) + ": " + std::to_string(answers_));
    }

  private:
    [[nodiscard]] bool may_read(ClientId client, const messages::TMessage& event) const {
        const auto has = [&](const std::string& dn) {
            const auto found = ledger_.registered.find(dn);
            return found != ledger_.registered.end() && found->second.contains(client);
        };
        const bool text = event.message == MessageId::event_private_info;
        return has(event.this_dn) || (text && has(messages::im_monitor_dn));
    }
    int answers_ = 0;
};

}  // namespace

std::unique_ptr<Check> check_of_clients(Ledger& l, Findings& f) {
    return std::make_unique<ClientsCheck>(l, f);
}

}  // namespace trunkline::random_test
