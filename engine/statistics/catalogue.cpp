#include "engine/statistics/catalogue.hpp"

#include <algorithm>

namespace trunkline::statistics {
namespace {

using enum ReportedState;

// ---- agents ----

AgentSums sums_of(const Subject& subject) {
    AgentSums all;
    for (const AgentFigures* agent : subject.agents)
        if (agent != nullptr) all.add(agent->sums(subject.day, subject.now));
    return all;
}

Duration in(const AgentSums& sums, ReportedState state) {
    return sums.in_state[static_cast<std::size_t>(state)];
}

template <class Which>
std::int64_t count(const Subject& subject, Which which) {
    return std::count_if(subject.agents.begin(), subject.agents.end(), [&](const AgentFigures* agent) {
        return agent != nullptr && agent->logged_in() && which(*agent);
    });
}

Figure percent(double part, double whole) {
    if (whole <= 0) return {};
    return 100 * part / whole;
}

Figure agent_state(const Subject& subject) {
    const AgentFigures* agent = subject.agents.at(0);
    return std::string(agent == nullptr ? "LoggedOut" : agent->status());
}
Figure time_in_ready_state(const Subject& subject) {
    double longest = 0;
    for (const AgentFigures* agent : subject.agents)
        if (agent != nullptr)
            if (const auto since = agent->ready_since())
                longest = std::max(longest, to_seconds(subject.now - *since));
    return longest;
}
Figure logged_in_agents(const Subject& subject) {
    return count(subject, [](const AgentFigures&) { return true; });
}
Figure ready_agents(const Subject& subject) {
    return count(subject, [](const AgentFigures& agent) { return agent.status() == "WaitForNextCall"; });
}
Figure busy_agents(const Subject& subject) {
    return count(subject, [](const AgentFigures& agent) { return agent.state() == busy; });
}
template <ReportedState... States>
Figure time_in(const Subject& subject) {
    const AgentSums sums = sums_of(subject);
    return to_seconds((in(sums, States) + ...));
}
Figure login_time(const Subject& subject) { return to_seconds(sums_of(subject).logged_in); }
Figure talk_time(const Subject& subject) { return to_seconds(sums_of(subject).talk); }
Figure hold_time(const Subject& subject) { return to_seconds(sums_of(subject).hold); }
Figure inbound_answered(const Subject& subject) { return sums_of(subject).answered_inbound; }
Figure handle_time(const Subject& subject) {
    // Of what is over: a session that goes on has no handle time yet.
    AgentSums sums;
    for (const AgentFigures* agent : subject.agents)
        if (agent != nullptr) sums.add(agent->finished(subject.day));
    if (sums.handled == 0) return {};
    return to_seconds(sums.talk + sums.hold + in(sums, after_call_work)) / static_cast<double>(sums.handled);
}
Figure occupancy(const Subject& subject) {
    const AgentSums sums = sums_of(subject);
    const Duration worked = in(sums, busy) + in(sums, after_call_work);
    return percent(to_seconds(worked), to_seconds(worked + in(sums, ready) + in(sums, legal_guard)));
}

// ---- queues ----

QueueSums queue_sums(const Subject& subject) {
    return subject.queue == nullptr ? QueueSums{} : subject.queue->sums(subject.day);
}
Figure waiting(const Subject& subject) {
    return subject.queue == nullptr ? std::int64_t{0} : subject.queue->waiting();
}
Figure longest_wait(const Subject& subject) {
    const auto since = subject.queue == nullptr ? std::nullopt : subject.queue->oldest();
    return since ? to_seconds(subject.now - *since) : 0.0;
}
template <std::int64_t QueueSums::*Count>
Figure total(const Subject& subject) {
    return queue_sums(subject).*Count;
}
Figure time_to_answer(const Subject& subject) {
    const QueueSums sums = queue_sums(subject);
    if (sums.distributed == 0) return {};
    return to_seconds(sums.until_distributed) / static_cast<double>(sums.distributed);
}
Figure service_factor(const Subject& subject) {
    const QueueSums sums = queue_sums(subject);
    return percent(static_cast<double>(sums.distributed_in_time),
                   static_cast<double>(sums.distributed + sums.abandoned));
}
Figure expected_wait(const Subject& subject) {
    const auto wait = subject.queue == nullptr ? std::nullopt : subject.queue->expected_wait();
    return wait ? Figure(to_seconds(*wait)) : Figure();
}

constexpr std::array rows{
    StatisticRow{"CurrentAgentState",
                 {"CurrentTargetState"},
                 About::agent,
                 "",
                 "what the agent does now, by Stat Server's names; of several states the strongest",
                 agent_state},
    StatisticRow{"StatTimeInReadyState",
                 {},
                 About::agents,
                 "seconds",
                 "since when the agent is ready without a session; of several agents the longest",
                 time_in_ready_state},
    StatisticRow{"CurrentLoggedInAgents",
                 {"StatAgentsTotal", "RStatAgentsTotal"},
                 About::agents,
                 "",
                 "agents who are logged in",
                 logged_in_agents},
    StatisticRow{"CurrentReadyAgents",
                 {"StatAgentsAvailable", "RStatAgentsReady"},
                 About::agents,
                 "",
                 "agents who are ready, with nothing in hand and nothing ringing",
                 ready_agents},
    StatisticRow{
        "StatAgentsBusy", {}, About::agents, "", "agents who have an established session", busy_agents},
    StatisticRow{"Total_Login_Time", {}, About::agents, "seconds", "logged in, since midnight", login_time},
    StatisticRow{
        "Total_Ready_Time", {}, About::agents, "seconds", "in state Ready, since midnight", time_in<ready>},
    StatisticRow{"Total_Not_Ready_Time",
                 {},
                 About::agents,
                 "seconds",
                 "in states NotReady and LegalGuard, since midnight",
                 time_in<not_ready, legal_guard>},
    StatisticRow{"Total_Work_Time",
                 {},
                 About::agents,
                 "seconds",
                 "in after-call work, since midnight",
                 time_in<after_call_work>},
    StatisticRow{"Total_Talk_Time",
                 {},
                 About::agents,
                 "seconds",
                 "in established sessions, since midnight; two at a time count twice",
                 talk_time},
    StatisticRow{
        "Total_Hold_Time", {}, About::agents, "seconds", "with sessions on hold, since midnight", hold_time},
    StatisticRow{"TotalNumberInboundCalls",
                 {},
                 About::agents,
                 "",
                 "sessions of call type inbound that were answered, since midnight",
                 inbound_answered},
    StatisticRow{"AverHandleTime",
                 {},
                 About::agents,
                 "seconds",
                 "talk, hold and after-call work of a session that is over, since midnight",
                 handle_time},
    StatisticRow{"StatAgentOccupancy",
                 {},
                 About::agents,
                 "percent",
                 "busy and in after-call work, of the time that was not NotReady, since midnight",
                 occupancy},
    StatisticRow{"CurrNumberWaitingCalls",
                 {"StatCallsInQueue", "RStatCallsInQueue", "CallsWaiting"},
                 About::queue,
                 "",
                 "interactions in the queue that no agent has answered",
                 waiting},
    StatisticRow{
        "CurrMaxCallWaitingTime", {}, About::queue, "seconds", "of the one who waits longest", longest_wait},
    StatisticRow{"Total_Calls_Entered",
                 {},
                 About::queue,
                 "",
                 "that entered since midnight",
                 total<&QueueSums::entered>},
    StatisticRow{"Total_Calls_Answered",
                 {"StatCallsAnswered"},
                 About::queue,
                 "",
                 "that an agent answered since midnight",
                 total<&QueueSums::distributed>},
    StatisticRow{"Total_Calls_Distributed",
                 {},
                 About::queue,
                 "",
                 "that left for an agent who answered, since midnight",
                 total<&QueueSums::distributed>},
    StatisticRow{"Total_Calls_Abandoned",
                 {},
                 About::queue,
                 "",
                 "whose customer left, since midnight",
                 total<&QueueSums::abandoned>},
    StatisticRow{"AverTimeToAnswer",
                 {},
                 About::queue,
                 "seconds",
                 "from entry to answer, since midnight",
                 time_to_answer},
    StatisticRow{"ServiceFactor1",
                 {"StatServiceFactor"},
                 About::queue,
                 "percent",
                 "answered within 20 seconds, of those answered or abandoned since midnight",
                 service_factor},
    StatisticRow{"ExpectedWaitTime",
                 {"StatExpectedWaitingTime", "StatEstimatedWaitingTime"},
                 About::queue,
                 "seconds",
                 "of somebody who comes now: the place times the mean interval of the last 32 leaves",
                 expected_wait},
};

bool is_called(const StatisticRow& row, std::string_view name) {
    return row.name == name ||
           (!name.empty() && std::ranges::find(row.other_names, name) != row.other_names.end());
}

}  // namespace

std::string_view to_text(About about) {
    switch (about) {
        case About::agent:
            return "one agent";
        case About::agents:
            return "agents";
        case About::queue:
            break;
    }
    return "queues and routing points";
}

std::span<const StatisticRow> catalogue() { return rows; }

const StatisticRow* statistic_named(std::string_view name) {
    const auto found = std::ranges::find_if(rows, [&](const auto& row) { return is_called(row, name); });
    return found == rows.end() ? nullptr : &*found;
}

std::vector<std::string_view> statistic_names() {
    std::vector<std::string_view> names;
    for (const StatisticRow& row : rows) names.push_back(row.name);
    return names;
}

bool applies(const StatisticRow& row, const Subject& subject) {
    switch (row.about) {
        case About::agent:
            return subject.is_agent;
        case About::queue:
            return subject.is_queue;
        case About::agents:
            break;
    }
    return true;
}

}  // namespace trunkline::statistics
