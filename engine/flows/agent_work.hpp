// What an agent may take on now: follows every change of state, reachability, capacity and load, and offers
// the freed agent to what waits in the same command.
#pragma once

#include "engine/flows/core.hpp"

namespace trunkline::flows {

/// Works out the ability of each of the agent's seats anew and matches the able ones with what waits.
void refresh_agent(Core&, PersonId);
/// Only works the abilities out, without matching: while another flow still has to place its own interaction.
void refresh_abilities(Core&, PersonId);
/// The same for whoever sits at the DN, after its reachability changed.
void refresh_dn(Core&, DnId);
/// Routing believes something else of the seat than its state, reach and load say.
[[nodiscard]] bool ability_is_stale(Core&, const agents::Seat&);
/// Everybody, after a new configuration or a new generation of scripts.
void refresh_everybody(Core&);

/// Moves the seat through the table of agent states; none where the table refuses it. Writes the row of the
/// state.
std::optional<agents::AgentState> move_agent(Core&, agents::Seat&, agents::AgentEvent);
/// The same with a new work mode and new reasons: one row for all three.
std::optional<agents::AgentState> move_agent(Core&, agents::Seat&, agents::AgentEvent, std::int64_t work_mode,
                                             SharedKv reasons);
/// EventAgentReady or EventAgentNotReady as the seat stands now.
void emit_agent_state(Core&, const agents::Seat&, ClientId asked = {}, messages::Integer reference = {});
/// EventDNDOn or EventDNDOff.
void emit_do_not_disturb(Core&, const agents::Seat&, bool on, ClientId asked = {},
                         messages::Integer reference = {});
/// Closes the open row of reporting.agent_state where it no longer says what is, and opens the next.
void update_state_row(Core&, agents::Seat&);
void close_state_row(Core&, agents::Seat&);

/// The agent, his login or the DN is not in this configuration, or leaves it, and nothing rings or talks
/// there any more.
[[nodiscard]] bool has_left(const Core&, const model::Snapshot&, const agents::Seat&);
/// Ends the log-in: events and rows. The caller refreshes.
void log_out(Core&, DnId, ClientId asked = {}, messages::Integer reference = {});

}  // namespace trunkline::flows
