// Events at a routing point tell one session's way through it in a legal order: queued, asked for a route,
// used and diverted, asked again when nobody answered; in the end abandoned or diverted.
#include <array>

#include "tests/random/kit/check.hpp"
#include "tests/random/kit/proving_site.hpp"

namespace trunkline::random_test {
namespace {

using messages::MessageId;

enum class At { nowhere, queued, asked, used, gone };

struct Row {
    At from;
    MessageId event;
    At to;
};
constexpr std::array rows{
    Row{At::nowhere, MessageId::event_queued, At::queued},
    Row{At::queued, MessageId::event_route_request, At::asked},
    Row{At::asked, MessageId::event_route_used, At::used},
    Row{At::used, MessageId::event_diverted, At::gone},
    Row{At::gone, MessageId::event_route_request, At::asked},
    Row{At::asked, MessageId::event_route_request, At::asked},  // now of the clients: ix:route_by_client
    Row{At::asked, MessageId::event_abandoned, At::gone},
    Row{At::asked, MessageId::event_diverted, At::gone},
};

class RoutingPointsCheck final : public Check {
  public:
    using Check::Check;

    void see(const messages::Effect& effect) override {
        const auto* emit = std::get_if<messages::EmitEvent>(&effect);
        if (emit == nullptr || !emit->event->conn_id) return;
        if (std::none_of(emit->clients.begin(), emit->clients.end(), is_watcher)) return;
        const messages::TMessage& event = *emit->event;
        const SessionFacts* session = ledger_.session_of(event.conn_id);
        if (session == nullptr || event.this_dn != session->point) return;
        At& at = at_[session->id];
        const MessageId id = event.message;
        if (id == MessageId::event_private_info || id == MessageId::event_attached_data_changed) {
            expect(at == At::asked, "routing point: an event of a session that is not there", event.this_dn);
            return;
        }
        for (const Row& row : rows)
            if (row.from == at && row.event == id) {
                at = row.to;
                return;
            }
        found("routing point: events out of order",
              std::string(messages::name_of(id)) + " at " + event.this_dn);
    }

    void end(const Engine&) override {
        if (std::none_of(ledger_.clients.begin(), ledger_.clients.end(), is_watcher)) return;
        for (const auto& [id, session] : ledger_.sessions)
            if (session.over)
                expect(at_.extract(id).mapped() == At::gone,
                       "routing point: a session ended and never left it", session.point);
    }

  private:
    std::map<CallUuid, At> at_;
};

}  // namespace

std::unique_ptr<Check> check_of_routing_points(Ledger& l, Findings& f) {
    return std::make_unique<RoutingPointsCheck>(l, f);
}

}  // namespace trunkline::random_test
