// Towards T-Library: an event goes to clients that are there and that registered its DN, once.
#include "tests/random/kit/check.hpp"
#include "tests/random/kit/proving_site.hpp"

namespace trunkline::random_test {
namespace {

using messages::MessageId;

class ClientsCheck final : public Check {
  public:
    using Check::Check;

    void begin() override {
        answers_ = 0;
        held_ = ledger_.reserved;
    }

    void see(const messages::Effect& effect) override {
        if (const auto* write = std::get_if<messages::WriteRecord>(&effect))
            if (const auto* row = std::get_if<records::PartyJoined>(&write->record)) see_offer(*row);
        const auto* emit = std::get_if<messages::EmitEvent>(&effect);
        if (emit == nullptr) return;
        if (emit->event->message == MessageId::event_agent_reserved) see_reservation();
        const messages::TMessage& event = *emit->event;
        const std::string what = std::string(messages::name_of(event.message)) + " at " + event.this_dn;
        expect(!emit->clients.empty(), "clients: an event for nobody", what);
        std::set<ClientId> once;
        const auto* asked = std::get_if<messages::ClientRequest>(ledger_.command);
        const bool late = event.reference_id && !emit->clients.empty() &&
                          owed_.erase({emit->clients[0], *event.reference_id}) > 0;
        for (const ClientId client : emit->clients) {
            expect(once.insert(client).second, "clients: one event twice to a client", what);
            expect(ledger_.clients.contains(client), "clients: an event to a client that has gone", what);
            expect(realm_of(client) == realm_of(emit->clients[0]), "clients: an event to two tenants", what);
            const SessionFacts* session = event.conn_id ? ledger_.session_of(event.conn_id) : nullptr;
            expect(session == nullptr || event.message == MessageId::event_error ||
                       session->realm == realm_of(client),
                   "clients: an event of another tenant's session", what);
            if (event.message == MessageId::event_error || event.message == MessageId::event_unregistered)
                expect(late || (asked != nullptr && asked->client == client),
                       "clients: another client's answer", what);
            else
                expect(late || may_read(client, event),
                       "clients: an event to a client that did not register the DN", what);
        }
        if (late || !event.reference_id) return;
        expect(asked != nullptr, "clients: an answer to nothing", what);
        if (asked != nullptr) {
            ++answers_;
            expect(event.reference_id == asked->request.reference_id && emit->clients.size() == 1 &&
                       emit->clients[0] == asked->client,
                   "clients: a ReferenceID that is not the sender's", what);
        }
    }

    void end(const Engine&) override {
        const auto* asked = std::get_if<messages::ClientRequest>(ledger_.command);
        std::erase_if(owed_, [this](const auto& one) { return !ledger_.clients.contains(one.first); });
        // Where a routing point diverts on answer, who asked for the route learns then how it went.
        const bool later =
            asked != nullptr && answers_ == 0 && asked->request.message == MessageId::request_route_call;
        if (later) owed_.emplace(asked->client, *asked->request.reference_id);
        if (asked != nullptr && ledger_.clients.contains(asked->client) && !later)
            expect(answers_ == 1, "clients: a request was not answered once",
                   std::string(messages::name_of(asked->request.message)) + ": " + std::to_string(answers_));
    }

    void finish() override { expect(owed_.empty(), "clients: a route was asked for and never answered", ""); }

  private:
    // A reserved agent gets only what his client routes; nothing begins to ring where it is not to disturb.
    void see_offer(const records::PartyJoined& row) {
        if (row.role != "agent") return;
        const auto party = ledger_.parties.find(row.id);
        const auto* asked = std::get_if<messages::ClientRequest>(ledger_.command);
        const bool routes = asked != nullptr && (asked->request.message == MessageId::request_route_call ||
                                                 asked->request.message == MessageId::request_redirect_call);
        const std::optional<ClientId>& holder = party->second.reserved_for;
        expect(!holder || (routes && asked->client == *holder),
               "clients: an agent is offered what his client did not route", party->second.agent);
        const auto seat = ledger_.seats.find(party->second.dn);
        expect(seat == ledger_.seats.end() || !seat->second.undisturbed,
               "clients: a DN rings that is not to be disturbed", party->second.dn);
    }

    // Nobody loses an agent to an equal: who asked had him, or was the first, or has the higher priority.
    void see_reservation() {
        const auto* asked = std::get_if<messages::ClientRequest>(ledger_.command);
        if (asked == nullptr || asked->request.message != MessageId::request_reserve_agent) return;
        for (const auto& [agent, held] : held_)
            if (const auto now = ledger_.reserved.find(agent);
                held.client != asked->client &&
                (now == ledger_.reserved.end() || now->second.client != held.client))
                expect(held.ends <= ledger_.now || held.priority < asked->request.priority.value_or(0),
                       "clients: a reservation was lost to one of no higher priority", agent);
    }

    [[nodiscard]] bool may_read(ClientId client, const messages::TMessage& event) const {
        const auto has = [&](const std::string& dn) {
            const auto found = ledger_.registered.find(dn + realm_of(client));
            return found != ledger_.registered.end() && found->second.contains(client);
        };
        const bool text = event.message == MessageId::event_private_info;
        return has(event.this_dn) || (text && has(messages::im_monitor_dn));
    }
    int answers_ = 0;
    std::map<std::string, HeldAgent> held_;  // before this command
    std::set<std::pair<ClientId, std::int64_t>> owed_;
};

}  // namespace

std::unique_ptr<Check> check_of_clients(Ledger& l, Findings& f) {
    return std::make_unique<ClientsCheck>(l, f);
}

}  // namespace trunkline::random_test
