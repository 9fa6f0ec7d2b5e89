// The part of the book about agents between their sessions: after-call work, the rest that the law wants
// after it, and who cannot be reached.
#include "tests/random/kit/ledger.hpp"
#include "tests/random/kit/proving_site.hpp"

namespace trunkline::random_test {

using agents::AgentEvent;
using agents::AgentState;
using messages::MessageId;

namespace {

constexpr seconds unreachable_after{30};
constexpr int asks_for_after_call_work = 3;

const ProvingAgent* agent_at(const SeatFacts& seat) { return agent_of_login(seat.login, realm_in(seat.dn)); }

// An option of the Agent Login, or else of the DN where he sits.
double seconds_at(const SeatFacts& seat, double ProvingAgent::*option) {
    if (const ProvingAgent* agent = agent_at(seat);
        agent != nullptr && !agent->rests_by_dn && agent->*option > 0)
        return agent->*option;
    for (const ProvingAgent& owner : proving_agents())
        if (owner.rests_by_dn && owner.dns.front() == seat.dn) return owner.*option;
    return 0;
}

}  // namespace

TimePoint Ledger::rest_owed_until(const SeatFacts& seat) const {
    const double guard = seconds_at(seat, &ProvingAgent::legal_guard);
    if (guard <= 0 || seat.work_ended == TimePoint{} || established(seat.agent)) return {};
    return seat.work_ended + from_seconds(guard);
}

// After-call work ends in the rest that is owed, or in ready; the rest ends in ready.
void Ledger::follow_rest() {
    for (auto& [dn, seat] : seats) {
        if (!agents::rests(seat.state) || seat.rest_over == TimePoint{} || seat.rest_over > now) continue;
        free_now.insert(seat.agent);
        if (seat.state == AgentState::after_call_work) {
            if (seat.acw_of_work) seat.work_ended = now;
            if (const TimePoint end = rest_owed_until(seat); end > now) {
                move(seat, AgentEvent::rest);
                seat.rest_over = end;
                continue;
            }
        }
        move(seat, AgentEvent::wrap_up_over);
    }
}

void Ledger::work_done(SeatFacts& seat) {
    seat.work_ended = now;
    seat.acw_of_work = true;  // also of one who cannot be reached now and comes back to his after-call work
    const double wrap_up = seconds_at(seat, &ProvingAgent::wrap_up);
    if (seat.state == AgentState::not_ready) {
        if (wrap_up > 0) moves.push_back({seat.state, AgentEvent::wrap_up});
        return;
    }
    if (wrap_up > 0) {
        move(seat, AgentEvent::wrap_up);
        seat.rest_over = now + from_seconds(wrap_up);
    } else if (const TimePoint end = rest_owed_until(seat);
               seat.state != AgentState::after_call_work && end > now) {
        move(seat, AgentEvent::rest);
        seat.rest_over = end;
    }
}

void Ledger::become_ready(SeatFacts& seat) {
    if (seat.state == AgentState::after_call_work && seat.acw_of_work) seat.work_ended = now;
    const TimePoint end = rest_owed_until(seat);
    if (end > now && seat.state != AgentState::ready) {
        move(seat, AgentEvent::rest);
        seat.rest_over = end;
    } else {
        move(seat, AgentEvent::ready);
    }
}

void Ledger::asked_for(SeatFacts& seat, const messages::TMessage& request) {
    if (request.message == MessageId::request_agent_ready) become_ready(seat);
    if (request.message != MessageId::request_agent_not_ready) return;
    if (request.agent_work_mode != asks_for_after_call_work) return move(seat, AgentEvent::not_ready);
    const bool worked_on = seat.state == AgentState::after_call_work;
    move(seat, AgentEvent::after_call_work);
    if (worked_on) return;  // its time runs on
    seat.acw_of_work = established(seat.agent);
    const double wrap_up = seconds_at(seat, &ProvingAgent::wrap_up);
    if (!seat.acw_of_work && wrap_up > 0) seat.rest_over = now + from_seconds(wrap_up);
}

// Nobody hears a DN for half a minute: its agent is not ready, until somebody does; then he is what he was,
// or what has come of it meanwhile.
void Ledger::follow_reach() {
    for (auto& [dn, seat] : seats) {
        if (reachable(dn)) {
            seat.unheard_since = {};
            if (!seat.before_unreachable) continue;
            const SeatFacts::Standing was = *std::exchange(seat.before_unreachable, std::nullopt);
            if (was.state == AgentState::ready) become_ready(seat);
            if (was.state == AgentState::after_call_work) move(seat, AgentEvent::after_call_work);
            if (was.state == AgentState::legal_guard) move(seat, AgentEvent::rest);
            if (was.state == AgentState::not_ready) move(seat, AgentEvent::not_ready);
            if (agents::rests(was.state) && was.rest_over != TimePoint{})
                seat.rest_over =
                    std::max(was.rest_over, now + Duration(1));  // its timer fires later than now
            continue;
        }
        if (seat.unheard_since == TimePoint{}) seat.unheard_since = now;
        if (seat.before_unreachable || now - seat.unheard_since < unreachable_after) continue;
        seat.before_unreachable = SeatFacts::Standing{seat.state, seat.rest_over};
        if (agents::rests(seat.state)) free_now.insert(seat.agent);
        move(seat, AgentEvent::not_ready);
    }
}

// Whoever holds an agent holds him for the time that he asked for, at most ten minutes.
void Ledger::follow_reservations() {
    std::erase_if(reserved, [this](const auto& one) {
        const bool over = one.second.ends <= now;
        if (over) free_now.insert(one.first);
        return over;
    });
}

void Ledger::reserve(const std::string& dn, ClientId client, const messages::TMessage& request) {
    const std::string& agent = seats.at(dn).agent;
    if (request.timeout == 0) {
        reserved.erase(agent);
        return;
    }
    const milliseconds time = std::min(milliseconds(*request.timeout), milliseconds(600'000));
    reserved[agent] = {client, dn, request.priority.value_or(0), now + time};
}

bool Ledger::rests(const std::string& agent) const {
    for (const auto& [dn, seat] : seats)
        if (seat.agent == agent && agents::rests(seat.state)) return true;
    return false;
}

}  // namespace trunkline::random_test
