#include "engine/statistics/agent_figures.hpp"

#include <utility>

namespace trunkline::statistics {
namespace {

constexpr std::array<std::pair<std::string_view, ReportedState>, reported_states> words{
    {{"Ready", ReportedState::ready},
     {"NotReady", ReportedState::not_ready},
     {"LegalGuard", ReportedState::legal_guard},
     {"AfterCallWork", ReportedState::after_call_work},
     {"Busy", ReportedState::busy}}};

Duration& of(AgentSums& sums, ReportedState state) { return sums.in_state[static_cast<std::size_t>(state)]; }

}  // namespace

std::optional<ReportedState> reported_state(std::string_view text) {
    for (const auto& [word, state] : words)
        if (word == text) return state;
    return std::nullopt;
}

void AgentSums::add(const AgentSums& other) {
    for (std::size_t i = 0; i < in_state.size(); ++i) in_state[i] += other.in_state[i];
    logged_in += other.logged_in;
    talk += other.talk;
    hold += other.hold;
    answered += other.answered;
    answered_inbound += other.answered_inbound;
    handled += other.handled;
}

void AgentFigures::turn_to(const Period& day) {
    if (day.begin <= day_) return;
    day_ = day.begin;
    sums_ = {};
}

std::optional<ReportedState> AgentFigures::state() const {
    std::optional<ReportedState> strongest;
    for (const auto& [session, state] : sessions_)
        if (state && (!strongest || *state > *strongest)) strongest = state;
    return strongest;
}

/// `before` ends here where the strongest state is another one now; reasons alone end nothing.
void AgentFigures::end_state(const Period& day, std::optional<ReportedState> before, TimePoint at) {
    if (before == state()) return;
    if (before) of(sums_, *before) += day.share_of(state_since_, at);
    state_since_ = at;
}

void AgentFigures::log_in(const Period& day, Seq session, TimePoint at) {
    turn_to(day);
    if (sessions_.empty()) logged_in_since_ = at;
    sessions_.try_emplace(session);
}

void AgentFigures::log_out(const Period& day, Seq session, TimePoint at) {
    turn_to(day);
    const auto before = state();
    if (sessions_.erase(session) == 0) return;
    end_state(day, before, at);
    if (sessions_.empty()) sums_.logged_in += day.share_of(logged_in_since_, at);
}

void AgentFigures::enter(const Period& day, Seq session, ReportedState to, TimePoint at) {
    turn_to(day);
    const auto found = sessions_.find(session);
    if (found == sessions_.end()) return;
    const auto before = state();
    found->second = to;
    end_state(day, before, at);
}

void AgentFigures::offer(PartyId party, bool inbound) { work_.try_emplace(party, Work{inbound, {}}); }

void AgentFigures::answer(const Period& day, PartyId party, TimePoint at) {
    turn_to(day);
    const auto found = work_.find(party);
    if (found == work_.end()) return;
    found->second.answered = at;
    ++sums_.answered;
    if (found->second.inbound) ++sums_.answered_inbound;
}

void AgentFigures::leave(const Period& day, PartyId party, TimePoint at, Duration held) {
    turn_to(day);
    const auto found = work_.find(party);
    if (found == work_.end()) return;
    if (found->second.answered) {
        sums_.talk += day.share_of(*found->second.answered, at);
        sums_.hold += held;
        ++sums_.handled;
    }
    work_.erase(found);
}

std::string_view AgentFigures::status() const {
    if (sessions_.empty()) return "LoggedOut";
    bool internal = false, rings = false;
    for (const auto& [party, work] : work_) {
        if (work.answered && work.inbound) return "CallInbound";
        internal = internal || work.answered.has_value();
        rings = rings || !work.answered;
    }
    if (internal) return "CallInternal";
    switch (state().value_or(ReportedState::not_ready)) {
        case ReportedState::busy:
            return "CallUnknown";
        case ReportedState::after_call_work:
            return "AfterCallWork";
        case ReportedState::not_ready:
        case ReportedState::legal_guard:
            return "NotReadyForNextCall";
        case ReportedState::ready:
            break;
    }
    return rings ? "CallRinging" : "WaitForNextCall";
}

std::optional<TimePoint> AgentFigures::ready_since() const {
    if (state() != ReportedState::ready) return std::nullopt;
    return state_since_;
}

AgentSums AgentFigures::finished(const Period& day) const { return day.begin <= day_ ? sums_ : AgentSums{}; }

AgentSums AgentFigures::sums(const Period& day, TimePoint now) const {
    AgentSums all = finished(day);
    if (!sessions_.empty()) all.logged_in += day.share_of(logged_in_since_, now);
    if (const auto current = state()) of(all, *current) += day.share_of(state_since_, now);
    for (const auto& [party, work] : work_)
        if (work.answered) all.talk += day.share_of(*work.answered, now);
    return all;
}

bool AgentFigures::idle(const Period& day) const {
    return sessions_.empty() && work_.empty() && day_ < day.begin;
}

}  // namespace trunkline::statistics
