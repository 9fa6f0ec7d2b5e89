// What statistics know of one agent, folded from the rows of reporting: the states of his log-ins, the
// sessions that ring or that he has, and the sums of the day. An agent at several DNs has one state, by the
// priority of Stat Server's status table (facts: Stat Server, status priority). One thread.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "engine/base/ids.hpp"
#include "engine/statistics/period.hpp"

namespace trunkline::statistics {

/// The states of table agent_state, the weakest first.
enum class ReportedState { ready, not_ready, legal_guard, after_call_work, busy };
inline constexpr std::size_t reported_states = 5;
[[nodiscard]] std::optional<ReportedState> reported_state(std::string_view text);

/// A session that rings at the agent, or that he has.
struct Work {
    bool inbound = true;  // call type inbound; internal otherwise
    std::optional<TimePoint> answered;
};

/// Sums of one day. Times are in microseconds, of what is over; what goes on is added when somebody asks.
struct AgentSums {
    std::array<Duration, reported_states> in_state{};
    Duration logged_in{}, talk{}, hold{};
    std::int64_t answered = 0, answered_inbound = 0;
    std::int64_t handled = 0;  // that he had and that is over

    void add(const AgentSums&);
};

class AgentFigures {
  public:
    // Each names the day that holds its time: sums of an earlier one are dropped.
    void log_in(const Period&, Seq session, TimePoint);
    void log_out(const Period&, Seq session, TimePoint);
    void enter(const Period&, Seq session, ReportedState, TimePoint);
    void offer(PartyId, bool inbound);
    void answer(const Period&, PartyId, TimePoint);
    void leave(const Period&, PartyId, TimePoint, Duration held);

    [[nodiscard]] bool logged_in() const { return !sessions_.empty(); }
    [[nodiscard]] std::optional<ReportedState> state() const;
    /// As Stat Server names it: LoggedOut, WaitForNextCall, CallRinging, NotReadyForNextCall, AfterCallWork,
    /// CallInternal, CallInbound; the strongest that holds.
    [[nodiscard]] std::string_view status() const;
    /// Since when he is ready without a session in hand; none while he is not.
    [[nodiscard]] std::optional<TimePoint> ready_since() const;
    /// The day's sums as they stand at `now`, with what goes on.
    [[nodiscard]] AgentSums sums(const Period&, TimePoint now) const;
    /// The same without what goes on.
    [[nodiscard]] AgentSums finished(const Period&) const;
    /// Nothing is known that lives, or of this day.
    [[nodiscard]] bool idle(const Period&) const;

  private:
    TimePoint day_;  // where the day began that the sums are of
    AgentSums sums_;
    std::map<Seq, std::optional<ReportedState>> sessions_;  // log-ins; no state before its first row
    TimePoint logged_in_since_, state_since_;
    std::unordered_map<PartyId, Work> work_;

    void turn_to(const Period&);
    void end_state(const Period&, std::optional<ReportedState> before, TimePoint);
};

}  // namespace trunkline::statistics
