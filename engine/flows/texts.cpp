#include "engine/flows/texts.hpp"

#include "engine/flows/client_routing.hpp"
#include "engine/flows/party_legs.hpp"
#include "engine/flows/sessions.hpp"
#include "engine/flows/strategies.hpp"

namespace trunkline::flows {
namespace {

using interactions::HeldText;
using interactions::PartyState;
using interactions::Phase;

}  // namespace

TextId record_text(Core& core, const Interaction& ix, const std::string& from, const char* direction,
                   const std::string& text, const char* status, const std::string& transaction, DnId dn) {
    records::Message row;
    row.seq = core.ids.next_seq();
    row.id = TextId(row.seq.value());
    row.interaction_id = ix.id;
    row.tenant = core.tenant_name(ix.tenant);
    row.switch_ = core.switch_name_of(dn, ix.sw);
    row.at = core.now;
    row.from_dn = from;
    row.direction = direction;
    row.text.is = text;
    if (std::string_view(status) == "delivered") row.delivered_at = core.now;
    row.status = status;
    row.transaction = transaction;
    const TextId id = row.id;
    core.record(std::move(row));
    return id;
}

namespace {

void record_status(Core& core, TextId id, TimePoint at, const char* status) {
    records::MessageStatus row;
    row.seq = core.ids.next_seq();
    row.id = id;
    row.at = at;
    if (std::string_view(status) == "delivered") row.delivered_at = core.now;
    row.status = status;
    core.record(std::move(row));
}

void send(Core& core, Interaction& ix, TextId id, std::string text) {
    accept_leg(core, ix);
    core.texts_out.emplace(id, SentText{id, core.now, {}, false});
    core.effect(messages::SendText{id, ix.leg, ix.dnis, ix.host, ix.customer, std::move(text)});
}

/// The peer is part of the key: only he moves the way of the replies.
void move_leg(Core& core, Interaction& ix, const messages::LegAddress& to) {
    if (ix.leg.route == to.route) return;
    ix.leg.route = to.route;
    if (ix.leg.kind != messages::LegKind::pager) return;
    core.record(records::LegMoved{core.ids.next_seq(), ix.id, ix.created, ix.leg.route});
}

const Party* reading_agent(const Interaction& ix) {
    const Party* party = ix.agent_party();
    return party != nullptr && party->state == PartyState::connected ? party : nullptr;
}

}  // namespace

void on_text_received(Core& core, const messages::TextReceived& text) {
    Interaction* ix = core.interactions.find_leg(text.leg.key);
    const bool begins = ix == nullptr;
    if (begins) {
        if (text.leg.kind == messages::LegKind::session) {
            core.effect(messages::AnswerText{text.txn, 481});
            return;
        }
        const auto begun =
            begin_interaction(core, Arrival{text.leg, text.dnis, text.host, text.customer, text.ani, {}});
        if (const int* status = std::get_if<int>(&begun)) {
            core.effect(messages::AnswerText{text.txn, *status});
            return;
        }
        ix = std::get<Interaction*>(begun);
    }
    core.effect(messages::AnswerText{text.txn, 200});
    move_leg(core, *ix, text.leg);
    ix->last_text_at = core.now;
    ++ix->texts;
    ++core.counters.texts;
    const auto collects = ix->reader();
    const Party* agent = reading_agent(*ix);
    const bool read = collects || ix->client_treatment || agent != nullptr;
    const bool over_leg = agent != nullptr && agent->leg;
    const TextId id = record_text(core, *ix, ix->ani, "in", text.text,
                                  over_leg ? "pending"
                                  : read   ? "delivered"
                                           : "held",
                                  text.transaction);
    emit_text(core, *ix, ix->ani, text.text);
    if (over_leg) send_over_leg(core, *agent, id, core.now, text.text);
    if (!read) ix->held.push_back(HeldText{id, core.now, text.text});
    if (begins)
        start_strategy(core, *ix);
    else if (ix->client_treatment)
        end_client_treatment(core, *ix, text.text);
    else if (collects)
        answer_script(core, *ix, scripting::TextArrived{text.text}, *collects);
}

void on_text_answered(Core& core, const messages::TextAnswered& answered) {
    const auto found = core.texts_out.find(answered.text);
    if (found == core.texts_out.end()) return;
    const SentText sent = found->second;
    const bool arrived = answered.status >= 200 && answered.status < 300;
    // What a party was asked with and did not take is still the customer's, for whoever answers.
    const bool counts = arrived && core.party_legs.find(sent.opens);
    if (sent.opens.empty() || counts || !sent.of_customer)
        record_status(core, sent.message, sent.at, arrived ? "delivered" : "failed");
    if (!sent.opens.empty()) on_opening_ended(core, sent.opens, answered.status);
    core.texts_out.erase(answered.text);
}

void send_failed_text(Core& core, Interaction& ix, std::string_view otherwise) {
    if (ix.invite) return;
    const std::string_view text = core.dn_option(ix.routing_point, "im-failed-text");
    send_system_text(core, ix, std::string(text.empty() ? otherwise : text));
}

void send_system_text(Core& core, Interaction& ix, const std::string& text) {
    const TextId id = record_text(core, ix, ix.dnis, "system", text, "pending");
    emit_text(core, ix, ix.dnis, text);
    send(core, ix, id, text);
}

void send_parting_text(Core& core, Interaction& gone, const std::string& text) {
    send(core, gone, record_text(core, gone, gone.dnis, "system", text, "pending"), text);
}

void send_agent_text(Core& core, Interaction& ix, const Party& party, const std::string& text, ClientId asked,
                     messages::Integer reference, const std::string& transaction) {
    ++ix.texts;
    ++core.counters.texts;
    ix.last_text_at = core.now;
    const TextId id = record_text(core, ix, party.number, "out", text, "pending", transaction, party.dn);
    emit_text(core, ix, party.number, text, asked, reference);
    const agents::Seat* seat = core.agents.seat(party.dn);
    send(core, ix, id, (seat == nullptr ? std::string{} : seat->prefix) + text);
}

void deliver_held_texts(Core& core, Interaction& ix) {
    const Party* agent = reading_agent(ix);
    if (agent == nullptr) return;
    for (const HeldText& text : ix.held) {
        emit_text_to(core, ix, *agent, ix.ani, text.text);
        if (!agent->leg)
            record_status(core, text.id, text.at, "delivered");
        else if (!opened_with(core, *agent, text.id))
            send_over_leg(core, *agent, text.id, text.at, text.text);
    }
    ix.held.clear();
}

std::optional<std::string> take_held_text(Core& core, Interaction& ix) {
    if (ix.held.empty()) return std::nullopt;
    const HeldText first = ix.held.front();
    ix.held.erase(ix.held.begin());
    record_status(core, first.id, first.at, "delivered");
    return first.text;
}

}  // namespace trunkline::flows
