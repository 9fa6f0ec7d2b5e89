// What the engine shows of itself: flat rows for trunkctl, /api/v1 and metrics. Copied out on the engine
// thread, then free.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace trunkline {

struct AgentRow {
    std::string agent, employee_id, login, dn, place, tenant;
    std::string state;  // Ready, NotReady, AfterCallWork, LegalGuard, Busy
    std::string work_mode, reasons;
    double seconds = 0;        // in this state
    int chats = 0, calls = 0;  // in hand, reservations included
    bool reachable = false;
};
struct InteractionRow {
    std::string id, conn_id, media, state;  // state: treatment, waiting, ringing, established, queued
    std::string tenant, routing_point, customer, strategy, agent, dn;
    double seconds = 0;  // since it began
    int priority = 0;
    std::int64_t texts = 0;
};
struct QueueRow {
    std::string target;  // a canonical target with waiting interactions
    std::int64_t waiting = 0, ready_agents = 0;
    double longest_wait = 0;  // seconds
};
struct StatusRow {
    std::int64_t interactions = 0, waiting = 0, agents_logged_in = 0, agents_ready = 0, clients = 0,
                 reservations = 0, texts_under_way = 0;  // to customers and parties, not answered yet
    std::int64_t interactions_total = 0, texts_total = 0, commands_total = 0, script_errors_total = 0,
                 reconciled_total = 0;
    std::int64_t generation = 0, generations_live = 0;
    std::int64_t config_revision = 0;
    std::vector<std::string> degraded;  // why the server is not whole, in plain words; empty where it is
};

BOOST_DESCRIBE_STRUCT(AgentRow, (),
                      (agent, employee_id, login, dn, place, tenant, state, work_mode, reasons, seconds,
                       chats, calls, reachable))
BOOST_DESCRIBE_STRUCT(InteractionRow, (),
                      (id, conn_id, media, state, tenant, routing_point, customer, strategy, agent, dn,
                       seconds, priority, texts))
BOOST_DESCRIBE_STRUCT(QueueRow, (), (target, waiting, ready_agents, longest_wait))
BOOST_DESCRIBE_STRUCT(StatusRow, (),
                      (interactions, waiting, agents_logged_in, agents_ready, clients, reservations,
                       texts_under_way, interactions_total, texts_total, commands_total, script_errors_total,
                       reconciled_total, generation, generations_live, config_revision, degraded))

}  // namespace trunkline
