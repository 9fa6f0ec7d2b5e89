#include "tests/random/kit/ledger.hpp"

#include <cstdio>

#include "tests/random/kit/proving_site.hpp"

namespace trunkline::random_test {

using agents::AgentEvent;
using agents::AgentState;
using messages::MessageId;

namespace {

template <class... Fs>
struct Overloaded : Fs... {
    using Fs::operator()...;
};

}  // namespace

void Ledger::begin(const messages::Command& given, TimePoint at) {
    command = &given;
    now = at;
    refused = false;
    moves.clear();
    free_now.clear();
    follow_rest();
    follow_reach();
    follow_reservations();
    if (const auto* opened = std::get_if<messages::ClientOpened>(&given)) clients.insert(opened->client);
    if (const auto* closed = std::get_if<messages::ClientClosed>(&given)) {
        clients.erase(closed->client);
        for (auto& [dn, at_dn] : registered) at_dn.erase(closed->client);
        std::erase_if(reserved, [&](const auto& one) { return one.second.client == closed->client; });
        follow_reach();
    }
    learn_of_legs(given);
}

void Ledger::learn_of_legs(const messages::Command& given) {
    const auto of_leg = [&](const std::string& key) -> SessionFacts* {
        for (auto& [id, session] : sessions)
            if (!key.empty() && session.out_leg == key) return &session;
        return nullptr;
    };
    if (const auto* answered = std::get_if<messages::LegAnswered>(&given))
        if (SessionFacts* session = of_leg(answered->leg_key)) session->out_answered = true;
    if (const auto* failed = std::get_if<messages::LegFailed>(&given))
        if (SessionFacts* session = of_leg(failed->leg_key)) {
            session->out_leg.clear();
            last_called_ = session->id;
        }
    if (const auto* ended = std::get_if<messages::LegEnded>(&given))
        if (SessionFacts* session = of_leg(ended->leg_key)) session->out_leg.clear();
    if (const auto* probed = std::get_if<messages::EndpointProbed>(&given))
        for (const model::Dn& dn : site_.switches[0].dns)
            if (dn.dbid == probed->dn.value() && seats.contains(dn.number)) {
                endpoints_[dn.number] = probed->answers;
                follow_reach();
            }
}

void Ledger::learn(const messages::Effect& effect) {
    std::visit(Overloaded{
                   [&](const messages::AnswerText& answer) {
                       const auto* text = std::get_if<messages::TextReceived>(command);
                       SessionFacts* session = text == nullptr ? nullptr : session_at(text->leg.key);
                       if (session != nullptr && answer.status == 200)
                           session->texts.push_back({text->text, false});
                   },
                   [&](const messages::AnswerSession& answer) {
                       SessionFacts* session = session_at(answer.leg_key);
                       if (session != nullptr && answer.status == 200) session->accepted = true;
                   },
                   [&](const messages::OpenLeg& open) {
                       if (SessionFacts* session = this->session(last_called_)) {
                           session->out_leg = open.leg.key;
                           session->out_kind = open.leg.kind;
                           session->out_answered = false;
                       }
                   },
                   [&](const messages::EndLeg& end) {
                       for (auto& [id, session] : sessions)
                           if (session.out_leg == end.leg.key) session.out_leg.clear();
                   },
                   [&](const messages::EmitEvent& emit) { learn_event(emit); },
                   [&](const messages::WriteRecord& write) { learn_record(write.record); },
                   [](const auto&) {},
               },
               effect);
}

void Ledger::learn_event(const messages::EmitEvent& emit) {
    const messages::TMessage& event = *emit.event;
    const messages::TMessage* asked = request();
    const bool answer = asked != nullptr && event.reference_id && event.reference_id == asked->reference_id;
    const std::string dn = dn_of(emit);
    if (event.message == MessageId::event_registered)
        for (const ClientId client : emit.clients) registered[dn].insert(client);
    if (event.message == MessageId::event_unregistered)
        for (const ClientId client : emit.clients) {
            registered[dn].erase(client);
            std::erase_if(reserved, [&](const auto& one) {
                return one.second.client == client && one.second.dn == dn;
            });
        }
    follow_reach();
    if (event.message == MessageId::event_error && answer) refused = true;
    const auto seat = seats.find(dn);
    if (seat == seats.end()) return;
    if (event.message == MessageId::event_dnd_on) seat->second.undisturbed = true;
    if (event.message == MessageId::event_dnd_off) seat->second.undisturbed = false;
    if (!answer || refused) return;
    if (event.message == MessageId::event_agent_reserved) reserve(dn, emit.clients.front(), *asked);
    asked_for(seat->second, *asked);
}

void Ledger::learn_record(const records::Record& record) {
    std::visit(Overloaded{
                   [&](const records::InteractionStarted& row) {
                       SessionFacts session;
                       session.id = row.id;
                       session.conn = parse_conn_id(row.conn_id);
                       session.customer = row.customer;
                       session.point = row.routing_point;
                       session.strategy = row.strategy;
                       session.realm = realm_of(row.tenant);
                       session.started = row.started_at;
                       session.parent = row.parent_id;
                       const auto leg = [&](const auto& from) {
                           session.leg = from.leg.key;
                           session.kind = from.leg.kind;
                           session.ani = from.ani;
                       };
                       if (const auto* text = std::get_if<messages::TextReceived>(command)) leg(*text);
                       if (const auto* offered = std::get_if<messages::SessionOffered>(command))
                           leg(*offered);
                       conn_of_leg[session.leg] = session.conn;
                       sessions.insert_or_assign(row.id, std::move(session));
                   },
                   [&](const records::InteractionEnded& row) {
                       if (SessionFacts* session = this->session(row.id)) {
                           session->over = true;
                           last_of_leg[session->leg] = {row.id, now};
                       }
                   },
                   [&](const records::PartyJoined& row) {
                       PartyFacts party;
                       party.id = row.id;
                       party.session = row.interaction_id;
                       party.role = row.role;
                       party.dn = row.dn + realm_of(row.switch_);
                       if (!row.agent.empty()) party.agent = row.agent + realm_of(row.tenant);
                       // The row has no name for a person who has left the configuration while he works.
                       if (const auto seat = seats.find(party.dn); row.agent.empty() && seat != seats.end())
                           party.agent = seat->second.agent;
                       if (const auto held = reserved.find(party.agent);
                           held != reserved.end() && party.role == "agent") {
                           party.reserved_for = held->second.client;
                           reserved.erase(held);
                       }
                       if (party.role == "external" || on_sip(party.dn)) last_called_ = party.session;
                       parties.insert_or_assign(row.id, std::move(party));
                   },
                   [&](const records::PartyState& row) {
                       if (const auto found = parties.find(row.party_id); found != parties.end())
                           found->second.state = row.state;
                   },
                   [&](const records::PartyAnswered& row) {
                       const auto found = parties.find(row.id);
                       if (found == parties.end()) return;
                       found->second.answered = true;
                       idle_from_now(found->second.agent);
                   },
                   [&](const records::PartyLeft& row) {
                       if (const auto found = parties.find(row.id); found != parties.end())
                           party_left(found->second, row);
                   },
                   [&](const records::Userdata& row) { learn_user_data(row); },
                   [&](const records::AgentSessionOpened& row) {
                       SeatFacts seat;
                       seat.row = row.seq;
                       seat.agent = row.agent + realm_of(row.tenant);
                       seat.dn = row.dn + realm_of(row.switch_);
                       if (const messages::TMessage* asked = request()) {
                           seat.login = asked->agent_id;
                           seat.queue = asked->this_queue;
                       }
                       const std::string at = seat.dn;
                       SeatFacts& added = seats[at] = std::move(seat);
                       const messages::TMessage* asked = request();
                       const bool auto_in = asked != nullptr && asked->agent_work_mode == 2;
                       move(added, auto_in ? AgentEvent::log_in_ready : AgentEvent::log_in);
                   },
                   [&](const records::AgentSessionClosed& row) {
                       for (auto& [dn, seat] : seats)
                           if (seat.row == row.seq) {
                               move(seat, AgentEvent::log_out);
                               endpoints_.erase(dn);
                               std::erase_if(reserved, [&](const auto& one) { return one.second.dn == dn; });
                               seats.erase(dn);
                               return;
                           }
                   },
                   [&](const records::ScriptGeneration& row) {
                       if (row.outcome == "loaded") ++generation;
                   },
                   [](const auto&) {},
               },
               record);
}

void Ledger::learn_user_data(const records::Userdata& row) {
    SessionFacts* session = this->session(row.interaction_id);
    if (session == nullptr || row.change == "deleted") return;
    if (row.key_ == "asks") session->asks = known_part(site_, session->realm, row.value);
    if (row.key_ == "by") session->by = row.value;
    if (row.key_ == "busy") session->busy = row.value;
    if (row.key_ == "handed") session->handed = row.value == "over";
    if (row.key_ == "heard")
        for (auto& text : session->texts)
            if (text.words == row.value) text.heard = true;
    if (row.key_ == "rises") {  // by/every/limit
        SessionFacts::Rise rise;
        int every = 0;
        if (std::sscanf(row.value.c_str(), "%d/%d/%d", &rise.by, &every, &rise.limit) == 3) {
            rise.every = seconds(every);
            rise.from = now;
            session->rise = rise;
        }
    }
}

void Ledger::party_left(PartyFacts& party, const records::PartyLeft& row) {
    party.over = true;
    party.cause = row.cause;
    if (party.role != "agent") return;
    if (SessionFacts* session = this->session(party.session); session != nullptr && !party.answered)
        session->refusers.insert(party.agent);
    if (party.answered && !party.agent.empty()) idle_from_now(party.agent);
    const auto seat = seats.find(party.dn);
    if (seat == seats.end() || seat->second.agent.empty()) return;
    const ProvingAgent* agent = agent_of_login(seat->second.login, realm_in(party.dn));
    if (agent == nullptr) return;
    const bool kept = agent->no_answer == "logout" && has_sessions_at(party.dn);
    if (row.cause == "no_answer" && (agent->no_answer == "notready" || kept)) {
        if (seat->second.before_unreachable)
            seat->second.before_unreachable = SeatFacts::Standing{AgentState::not_ready, {}};
        move(seat->second, AgentEvent::not_ready);
    }
    if (party.answered && party.agent == seat->second.agent) work_done(seat->second);
}

bool Ledger::has_sessions_at(const std::string& dn) const {
    return std::any_of(parties.begin(), parties.end(), [&](const auto& one) {
        return one.second.role == "agent" && one.second.dn == dn && !one.second.over;
    });
}

void Ledger::move(SeatFacts& seat, AgentEvent event) {
    const auto to = agents::next_state(seat.state, event);
    if (!to) return;
    moves.push_back({seat.state, event});
    if (*to != seat.state) seat.rest_over = {};
    if (*to == AgentState::ready && seat.state != AgentState::ready) seat.idle_since = now;
    seat.state = *to;
}

void Ledger::idle_from_now(const std::string& agent) {
    for (auto& [dn, seat] : seats)
        if (seat.agent == agent) seat.idle_since = now;
}

void Ledger::end() {
    std::erase_if(sessions, [](const auto& entry) { return entry.second.over; });
    std::erase_if(parties, [](const auto& entry) { return entry.second.over; });
    command = nullptr;
}

SessionFacts* Ledger::session(CallUuid id) {
    const auto found = sessions.find(id);
    return found == sessions.end() ? nullptr : &found->second;
}

SessionFacts* Ledger::session_at(const std::string& leg) {
    for (auto& [id, session] : sessions)
        if (session.leg == leg && !session.over) return &session;
    return nullptr;
}

SessionFacts* Ledger::session_of(ConnId conn) {
    for (auto& [id, session] : sessions)
        if (session.conn == conn) return &session;
    return nullptr;
}

PartyFacts* Ledger::agent_party(CallUuid session, const std::string& dn) {
    for (auto& [id, party] : parties)
        if (party.session == session && party.role == "agent" && party.dn == dn && !party.over) return &party;
    return nullptr;
}

PartyFacts* Ledger::agent_party(CallUuid session) {
    for (auto& [id, party] : parties)
        if (party.session == session && party.role == "agent" && !party.over) return &party;
    return nullptr;
}

int Ledger::load_of(const std::string& agent) const {
    int load = 0;
    for (const auto& [id, party] : parties)
        if (party.role == "agent" && party.agent == agent && !party.over) ++load;
    return load;
}

bool Ledger::established(const std::string& agent) const {
    for (const auto& [id, party] : parties)
        if (party.role == "agent" && party.agent == agent && !party.over && party.answered) return true;
    return false;
}

bool Ledger::reachable(const std::string& dn) const {
    if (on_sip(dn)) return endpoints_.contains(dn) && endpoints_.at(dn);
    const auto found = registered.find(dn);
    return found != registered.end() && !found->second.empty();
}

std::string Ledger::dn_of(const messages::EmitEvent& emit) {
    return emit.event->this_dn + (emit.clients.empty() ? "" : realm_of(emit.clients.front()));
}

const messages::TMessage* Ledger::request() const {
    const auto* asked = command == nullptr ? nullptr : std::get_if<messages::ClientRequest>(command);
    return asked == nullptr ? nullptr : &asked->request;
}

}  // namespace trunkline::random_test
