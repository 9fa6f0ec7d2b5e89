// The table of agent states as the field knows it (Genesys Events and Models: agent states and work modes,
// emulated agents), written by hand; the engine's must say the same in every cell.
#include <gmock/gmock.h>

#include "engine/agents/agent_state.hpp"

namespace trunkline::agents {
namespace {

// One row a state, one column an event, in the order of `events`; "-" is refused.
constexpr std::array events{AgentEvent::log_in,  AgentEvent::log_in_ready, AgentEvent::log_out,
                            AgentEvent::ready,   AgentEvent::not_ready,    AgentEvent::after_call_work,
                            AgentEvent::wrap_up, AgentEvent::wrap_up_over, AgentEvent::rest};

struct Row {
    AgentState from;
    std::array<const char*, 9> to;
};
// clang-format off
constexpr const char *out = "LoggedOut", *not_ready = "NotReady", *ready = "Ready", *acw = "AfterCallWork",
                     *guard = "LegalGuard", *no = "-";
constexpr std::array table{
    //                               log in     log in     log out  ready  not ready  asks for  a session  its time  legal
    //                                          AutoIn                                ACW       ended      is over   guard
    Row{AgentState::logged_out,      {not_ready, ready,     no,      no,    no,        no,       no,        no,       no}},
    Row{AgentState::not_ready,       {no,        no,        out,     ready, not_ready, acw,      not_ready, no,       guard}},
    Row{AgentState::ready,           {no,        no,        out,     ready, not_ready, acw,      acw,       no,       guard}},
    Row{AgentState::after_call_work, {no,        no,        out,     ready, not_ready, acw,      acw,       ready,    guard}},
    Row{AgentState::legal_guard,     {no,        no,        out,     no,    not_ready, no,       acw,       ready,    guard}},
};
// clang-format on

TEST(AgentStates, AreThoseOfTheField) {
    std::size_t allowed = 0;
    for (const Row& row : table)
        for (std::size_t i = 0; i < events.size(); ++i) {
            const auto to = next_state(row.from, events[i]);
            EXPECT_EQ(to ? std::string(to_text(*to)) : "-", row.to[i])
                << to_text(row.from) << ", event " << static_cast<int>(events[i]);
            if (to) ++allowed;
        }
    EXPECT_EQ(agent_transitions.size(), allowed);  // and no row twice
}

TEST(AgentStates, AfterCallWorkAndLegalGuardAreRest) {
    for (const Row& row : table)
        EXPECT_EQ(rests(row.from), to_text(row.from) == acw || to_text(row.from) == guard);
}

}  // namespace
}  // namespace trunkline::agents
