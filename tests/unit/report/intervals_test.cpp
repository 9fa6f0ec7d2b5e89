// The interval views and schema icon over rows as an hour of work leaves them, and that nobody who asks them,
// or a stock query, walks through the history.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "db/postgres/connection.hpp"
#include "db/queries/stock_queries.hpp"
#include "tests/support/postgres_cluster.hpp"

namespace db = trunkline::db;
using trunkline::test::TestDatabase;

namespace {

// Ann works from 09:50 to 11:10 Berlin time: Ready, Busy over the hour's edge, AfterCallWork, Ready, NotReady
// at the end. She answers one customer after 10 s; one gives up while it rings at her, one after 30 s in the
// queue.
constexpr const char* an_hour = R"(
INSERT INTO config.tenant (name, timezone) VALUES ('Resources', 'Europe/Berlin'), ('Other', NULL);
INSERT INTO config.skill (tenant, name) VALUES ('Resources', 'billing');
INSERT INTO config.person (tenant, user_name, is_agent) VALUES ('Resources', 'ann', true), ('Resources', 'bob', true);
INSERT INTO config.person_skill (tenant, person, skill, level) VALUES ('Resources', 'ann', 'billing', 7);
INSERT INTO config.agent_group (tenant, name, script) VALUES ('Resources', 'Billing', 'billing >= 5'), ('Resources', 'All', NULL);
INSERT INTO config.agent_group_member (tenant, agent_group, person) VALUES ('Resources', 'All', 'ann'), ('Resources', 'All', 'bob');
INSERT INTO reporting.agent_session (seq, tenant, switch, agent, dn, logged_in_at, logged_out_at) VALUES
    (1, 'Resources', 's', 'ann', '1001', '2025-03-04 08:50+00', '2025-03-04 10:10+00');
INSERT INTO reporting.agent_state (seq, tenant, switch, session_id, agent, dn, media, state, started_at, ended_at) VALUES
    (2, 'Resources', 's', 1, 'ann', '1001', 'chat', 'Ready', '2025-03-04 08:50+00', '2025-03-04 09:55+00'),
    (3, 'Resources', 's', 1, 'ann', '1001', 'chat', 'Busy', '2025-03-04 09:55+00', '2025-03-04 10:02+00'),
    (4, 'Resources', 's', 1, 'ann', '1001', 'chat', 'AfterCallWork', '2025-03-04 10:02+00', '2025-03-04 10:03+00'),
    (5, 'Resources', 's', 1, 'ann', '1001', 'chat', 'Ready', '2025-03-04 10:03+00', '2025-03-04 10:06+00'),
    (6, 'Resources', 's', 1, 'ann', '1001', 'chat', 'NotReady', '2025-03-04 10:06+00', '2025-03-04 10:10+00');
INSERT INTO reporting.interaction (seq, tenant, switch, id, media, call_type, routing_point, customer, strategy, started_at, ended_at, outcome) VALUES
    (10, 'Resources', 's', '00000000-0000-0000-0000-000000000001', 'chat', 'inbound', '1111', 'sip:erin@example.com', 'im_support',
     '2025-03-04 09:54:50+00', '2025-03-04 10:02+00', 'handled'),
    (11, 'Resources', 's', '00000000-0000-0000-0000-000000000002', 'chat', 'inbound', '1111', 'sip:fred@example.com', 'im_support',
     '2025-03-04 09:20+00', '2025-03-04 09:20:30+00', 'abandoned');
INSERT INTO reporting.party (seq, tenant, switch, id, interaction_id, dn, agent, role, joined_at, answered_at, left_at, cause, talk_s, hold_s) VALUES
    (20, 'Resources', 's', 1, '00000000-0000-0000-0000-000000000001', '1001', 'ann', 'agent',
     '2025-03-04 09:54:50+00', '2025-03-04 09:55+00', '2025-03-04 10:02+00', 'released', 420, 0),
    (21, 'Resources', 's', 2, '00000000-0000-0000-0000-000000000002', '1001', 'ann', 'agent',
     '2025-03-04 09:20:10+00', NULL, '2025-03-04 09:20:30+00', 'abandoned', NULL, NULL);
INSERT INTO reporting.queue_stay (seq, tenant, switch, queue, kind, interaction_id, entered_at, left_at, outcome) VALUES
    (30, 'Resources', 's', 'VQ', 'virtual_queue', '00000000-0000-0000-0000-000000000001', '2025-03-04 09:54:50+00', '2025-03-04 09:55+00', 'distributed'),
    (31, 'Resources', 's', 'VQ', 'virtual_queue', '00000000-0000-0000-0000-000000000002', '2025-03-04 09:20+00', '2025-03-04 09:20:30+00', 'abandoned');
INSERT INTO reporting.message (seq, tenant, switch, id, interaction_id, at, from_dn, direction, text) VALUES
    (40, 'Resources', 's', 1, '00000000-0000-0000-0000-000000000001', '2025-03-04 09:54:50+00', 'erin', 'in', 'hello'),
    (41, 'Resources', 's', 2, '00000000-0000-0000-0000-000000000001', '2025-03-04 09:56+00', '1001', 'out', 'hello'),
    (42, 'Resources', 's', 3, '00000000-0000-0000-0000-000000000001', '2025-03-04 09:57+00', 'erin', 'in', 'bye'),
    (43, 'Resources', 's', 4, '00000000-0000-0000-0000-000000000002', '2025-03-04 09:20+00', 'fred', 'in', 'hm');
INSERT INTO reporting.route (seq, tenant, switch, interaction_id, target, agent, dn, requested_at, selected_at, result) VALUES
    (50, 'Resources', 's', '00000000-0000-0000-0000-000000000001', 'Billing', 'ann', '1001', '2025-03-04 09:54:50+00', '2025-03-04 09:54:52+00', 'selected');
)";

class Intervals : public ::testing::Test {
  protected:
    const TestDatabase database_;
    void SetUp() override { database_.query(an_hour); }
    /// The columns of the rows in this time, joined.
    [[nodiscard]] std::string in(const std::string& view, const std::string& columns,
                                 const std::string& from = "2025-03-04 00:00+01",
                                 const std::string& to = "2025-03-05 00:00+01") const {
        std::string all;
        for (const auto& row : database_.query("SET timezone = 'UTC'; SELECT concat_ws(' ', " + columns +
                                               ") FROM reporting." + view + " WHERE starts_at >= '" + from +
                                               "' AND starts_at < '" + to + "' ORDER BY starts_at, 1"))
            all += (all.empty() ? "" : " | ") + row[0];
        return all;
    }
};

}  // namespace

TEST_F(Intervals, CutAnAgentsStatesAtTheirEdgesSoThatTheyAddUp) {
    const std::string states =
        "to_char(starts_at, 'HH24:MI'), agent, dn, ready_s, not_ready_s, busy_s, after_call_work_s, "
        "legal_guard_s";
    EXPECT_EQ(in("agent_interval_hour", states),
              "08:00 ann 1001 600 0 0 0 0 | 09:00 ann 1001 3300 0 300 0 0 | 10:00 ann 1001 180 240 120 60 0");
    EXPECT_EQ(in("agent_interval_15m", states, "2025-03-04 09:30+00", "2025-03-04 10:15+00"),
              "09:30 ann 1001 900 0 0 0 0 | 09:45 ann 1001 600 0 300 0 0 | 10:00 ann 1001 180 240 120 60 0");
    EXPECT_EQ(in("agent_interval_day", "starts_at, ready_s + not_ready_s + busy_s + after_call_work_s"),
              "2025-03-03 23:00:00+00 4800")
        << "from the log-in to the log-out, on a day of Berlin";
}

TEST_F(Intervals, CountOffersAnswersAndAbandonsOfAgents) {
    EXPECT_EQ(
        in("agent_interval_hour",
           "offered, accepted, abandoned, distributed, avg_speed_of_answer_s, max_handle_s, avg_wrap_up_s, "
           "avg_time_to_abandon_s, service_level, messages_in, messages_out",
           "2025-03-04 09:00+00", "2025-03-04 10:00+00"),
        "2 1 1 1 10 480 60 20 0.5 1 1");
    EXPECT_EQ(in("agent_interval_hour", "round(occupancy::numeric, 4)", "2025-03-04 10:00+00",
                 "2025-03-04 11:00+00"),
              "0.5000");
}

TEST_F(Intervals, OfGroupsAreThoseOfTheirMembersVirtualGroupsIncluded) {
    EXPECT_EQ(in("agent_group_interval_day", "agent_group, media, offered, accepted, ready_s"),
              "All chat 2 1 4080 | Billing chat 2 1 4080");
}

TEST_F(Intervals, OfQueuesRoutingPointsAndStrategies) {
    const std::string figures =
        "media, offered, accepted, abandoned, default_routed, avg_speed_of_answer_s, avg_time_to_abandon_s, "
        "avg_handle_s, service_level";
    EXPECT_EQ(in("queue_interval_hour", "queue, " + figures), "VQ chat 2 1 1 0 10 30 480 0.5");
    EXPECT_EQ(in("routing_point_interval_day", "routing_point, " + figures + ", messages_in, messages_out"),
              "1111 chat 2 1 1 0 10 30 480 0.5 3 1");
    EXPECT_EQ(in("strategy_interval_15m", "to_char(starts_at, 'HH24:MI'), strategy, offered, accepted"),
              "09:15 im_support 1 0 | 09:45 im_support 1 1");
    EXPECT_EQ(
        database_.value(
            "SET trunkline.service_level_s = '5'; SELECT service_level FROM reporting.queue_interval_day "
            "WHERE starts_at >= '2025-03-03' AND starts_at < '2025-03-05'"),
        "0");
}

TEST_F(Intervals, ShowTheHourBeforeSummerTimeOnceAndTheDayWith23Hours) {
    EXPECT_EQ(database_.value(
                  "SELECT ends_at - starts_at FROM reporting.intervals('day') WHERE tenant = 'Resources' AND "
                  "starts_at = '2025-03-30 00:00 Europe/Berlin'"),
              "23:00:00");
    EXPECT_EQ(
        database_.value(
            "SELECT count(*) FROM reporting.intervals('hour') WHERE tenant = 'Resources' AND starts_at >= "
            "'2025-03-30 00:00 Europe/Berlin' AND starts_at < '2025-03-31 00:00 Europe/Berlin'"),
        "23");
}

TEST_F(Intervals, AreReadByTheRoleOfReports) {
    database_.query("GRANT trunkline_report TO CURRENT_USER");
    for (const auto& view :
         database_.query("SELECT table_schema || '.' || table_name FROM information_schema.views WHERE "
                         "table_schema IN ('reporting', 'icon')"))
        EXPECT_NO_THROW(database_.query("SET ROLE trunkline_report; SELECT * FROM " + view[0] +
                                        (view[0].starts_with("reporting")
                                             ? " WHERE starts_at >= '2025-03-04' AND starts_at < '2025-03-05'"
                                             : "")))
            << view[0];
    EXPECT_EQ(
        database_.value("SELECT count(*) FROM information_schema.views WHERE table_schema = 'reporting'"),
        "15");
}

TEST_F(Intervals, HaveTheNamesOfInteractionConcentratorBesideThem) {
    EXPECT_EQ(database_.value("SELECT concat_ws(' ', calltype, callani, connid, created) FROM icon.g_call "
                              "WHERE parentcallid IS NULL "
                              "ORDER BY gsys_seq LIMIT 1"),
              "2 sip:erin@example.com 2025-03-04 09:54:50+00");
    EXPECT_EQ(database_.value("SELECT string_agg(cause || ' ' || (distcallid IS NOT NULL), ', ' ORDER BY "
                              "gsys_seq) FROM icon.g_virtual_queue"),
              "1 true, 2 false");
    EXPECT_EQ(database_.value("SELECT concat_ws(' ', rtargetagentselected, rtargetobjectselected, "
                              "rstrategyname, duration) FROM icon.g_route_result"),
              "ann Billing im_support 2");
    EXPECT_EQ(database_.value("SELECT count(*) FROM icon.g_call AS c JOIN icon.g_party AS p USING (callid) "
                              "JOIN icon.g_ir AS r USING (irid, calltype) "
                              "WHERE p.agentid = 'ann' AND p.type = 1"),
              "2");
    EXPECT_EQ(database_.value("SELECT count(*) FROM icon.g_login_session JOIN icon.g_agent_state_history "
                              "USING (loginsessionid)"),
              "5");
    EXPECT_EQ(database_.value("SELECT string_agg(table_name, ' ' ORDER BY table_name) FROM "
                              "information_schema.views WHERE table_schema = 'icon'"),
              "g_agent_state_history g_call g_custom_states g_ir g_login_session g_party g_party_history "
              "g_route_result "
              "g_userdata_history g_virtual_queue");
}

namespace {

// Four months with 4,000 interactions each and what belongs to them.
constexpr const char* history = R"(
SELECT reporting.ensure_month((date '2025-01-01' + make_interval(months => m))::date) FROM generate_series(0, 3) AS m;
CREATE TEMP TABLE n AS SELECT g AS n, timestamptz '2025-01-01 00:00+00' + make_interval(months => g / 4000, mins => 10 * (g % 4000)) AS at,
    ('00000000-0000-0000-0000-' || lpad(g::text, 12, '0'))::uuid AS id FROM generate_series(0, 15999) AS g;
INSERT INTO config.tenant (name) VALUES ('Resources');
INSERT INTO reporting.interaction (seq, tenant, switch, id, conn_id, media, routing_point, customer, strategy, started_at, ended_at, outcome)
    SELECT n, 'Resources', 's', id, lpad(to_hex(n), 16, '0'), 'chat', '1111', 'sip:c' || n || '@e', 'main', at, at + interval '5 min', 'handled' FROM n;
INSERT INTO reporting.party (seq, tenant, switch, id, interaction_id, dn, agent, role, joined_at, answered_at, left_at, talk_s)
    SELECT n, 'Resources', 's', n, id, '1001', 'agent' || n % 50, 'agent', at, at + interval '5 s', at + interval '5 min', 295 FROM n;
INSERT INTO reporting.party_state (seq, tenant, party_id, interaction_id, at, state) SELECT n, 'Resources', n, id, at, 'connected' FROM n;
INSERT INTO reporting.message (seq, tenant, switch, id, interaction_id, at, from_dn, direction, text)
    SELECT n, 'Resources', 's', n, id, at, 'c', 'in', 'hello' FROM n;
INSERT INTO reporting.queue_stay (seq, tenant, switch, queue, kind, interaction_id, entered_at, left_at, outcome)
    SELECT n, 'Resources', 's', 'VQ', 'virtual_queue', id, at, at + interval '5 s', 'distributed' FROM n;
INSERT INTO reporting.route (seq, tenant, switch, interaction_id, agent, requested_at, selected_at, result)
    SELECT n, 'Resources', 's', id, 'ann', at, at, 'selected' FROM n;
INSERT INTO reporting.decision (seq, tenant, interaction_id, at, winner) SELECT n, 'Resources', id, at, 'ann' FROM n;
INSERT INTO reporting.agent_session (seq, tenant, switch, agent, dn, logged_in_at, logged_out_at)
    SELECT n, 'Resources', 's', 'agent' || n % 50, '1001', at, at + interval '9 min' FROM n;
INSERT INTO reporting.agent_state (seq, tenant, switch, session_id, agent, dn, media, state, started_at, ended_at)
    SELECT n, 'Resources', 's', n, 'agent' || n % 50, '1001', 'chat', 'Ready', at, at + interval '9 min' FROM n;
ANALYZE reporting.interaction, reporting.party, reporting.party_state, reporting.message, reporting.queue_stay, reporting.route, reporting.decision,
    reporting.agent_session, reporting.agent_state;
)";

/// How often each month was walked through from end to end.
std::map<std::string, std::string> walks(const TestDatabase& database) {
    std::map<std::string, std::string> by_month;
    for (const auto& row : database.query(
             "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE schemaname = 'reporting_parts' AND "
             "relname ~ '_\\d{4}_\\d{2}$' AND n_live_tup > 1000"))
        by_month[row[0]] = row[1];
    return by_month;
}

/// Months that were walked through while `ask` ran.
std::string months_walked_through(const TestDatabase& database, const std::string& ask,
                                  const std::vector<db::Parameter>& parameters) {
    const auto before = walks(database);
    {
        db::Connection connection(database.dsn());
        if (parameters.empty())
            connection.run(ask);
        else
            connection.run(ask, parameters);
        connection.run("SELECT pg_stat_force_next_flush()");
    }
    std::string walked;
    for (const auto& [month, count] : walks(database))
        if (const auto then = before.find(month); then == before.end() || then->second != count)
            walked += month + " ";
    return walked;
}

}  // namespace

TEST(History, IsNotWalkedThroughByStockQueriesAndViews) {
    const TestDatabase database;
    database.query(history);
    std::vector<std::pair<std::string, std::vector<db::Parameter>>> asked;
    for (const auto& query : db::stock_queries()) {
        const std::string parameter(query.parameter);
        if (parameter.find("day") != std::string::npos)
            asked.push_back({std::string(query.sql), {"2025-02-03"}});
        else if (!parameter.empty())
            asked.push_back({std::string(query.sql), {"0000000000001388"}});
        else
            asked.push_back({std::string(query.sql), {}});
    }
    for (const auto& view :
         database.query("SELECT table_name FROM information_schema.views WHERE table_schema = 'reporting'"))
        asked.push_back({"SELECT * FROM reporting." + view[0] +
                             " WHERE starts_at >= '2025-02-03' AND starts_at < '2025-02-04'",
                         {}});
    for (const auto& view : database.query("SELECT table_name, (SELECT column_name FROM "
                                           "information_schema.columns AS c WHERE c.table_schema = "
                                           "'icon' AND c.table_name = v.table_name AND c.column_name IN "
                                           "('created', 'added', 'starttime') LIMIT 1) "
                                           "FROM information_schema.views AS v WHERE table_schema = 'icon' "
                                           "AND table_name <> 'g_party_history'"))
        asked.push_back({"SELECT * FROM icon." + view[0] + " WHERE " + view[1] + " >= '2025-02-03' AND " +
                             view[1] + " < '2025-02-04'",
                         {}});
    asked.push_back({"SELECT * FROM icon.g_party_history WHERE partyid = 5000", {}});
    EXPECT_GT(asked.size(), 30U);
    for (const auto& [sql, parameters] : asked)
        EXPECT_EQ(months_walked_through(database, sql, parameters), "") << sql.substr(0, 200);
    EXPECT_NE(months_walked_through(database, "SELECT count(*) FROM reporting.message WHERE text = 'x'", {}),
              "")
        << "else this test sees nothing";
}

TEST(History, OlderThanAMonthGoesAsAWholeAndTheDefaultPartitionIsSwept) {
    const TestDatabase database;
    database.query(history);
    database.query(
        "INSERT INTO reporting.message (seq, id, at) VALUES (99999, 99999, '2024-12-31 23:59+00'), (99998, "
        "99998, '2029-01-01')");
    EXPECT_GT(std::stoi(database.value("SELECT reporting.drop_months_before('2025-03-20')")), 20);
    EXPECT_EQ(
        database.value("SELECT count(*) || ' ' || to_char(min(at), 'YYYY-MM-DD') FROM reporting.message"),
        "8001 2025-03-01");
    EXPECT_EQ(database.value("SELECT count(*) FROM reporting.interaction"), "8000");
    EXPECT_EQ(database.value("SELECT reporting.drop_months_before('2025-03-31')"), "0");
}

// The public names: what the tables must have for those who ask them.
TEST(Tables, HaveTheColumnsThatPeopleAndToolsAskFor) {
    const TestDatabase database;
    const std::vector<std::pair<std::string, std::string>> tables{
        {"interaction",
         "id conn_id media call_type tenant switch routing_point customer dnis strategy generation "
         "started_at ended_at outcome parent_id"},
        {"party", "id interaction_id dn agent role joined_at answered_at left_at cause talk_s hold_s switch"},
        {"party_state", "party_id at state"},
        {"message", "id interaction_id at from_dn direction text delivered_at status switch"},
        {"queue_stay", "queue kind interaction_id entered_at left_at outcome switch"},
        {"treatment", "interaction_id name started_at ended_at result detail"},
        {"route", "interaction_id requested target agent dn requested_at selected_at result switch"},
        {"userdata", "interaction_id at key value change"},
        {"agent_session", "agent dn place logged_in_at logged_out_at switch"},
        {"agent_state", "session_id media state work_mode reasons started_at ended_at"},
        {"custom_state", "agent state_id key values started_at ended_at"},
        {"script_generation", "generation loaded_at hash outcome errors"},
        {"script_source", "hash path text"},
        {"trace_step", "interaction_id at generation file line step detail"},
        {"log_event", "id at level application text attributes"},
        {"decision",
         "interaction_id at strategy generation line candidates winner figure next_best ruled_out "
         "elapsed_us"}};
    for (const auto& [table, columns] : tables)
        EXPECT_EQ(
            database.value("SELECT coalesce(string_agg(c, ' '), '') FROM unnest(string_to_array('" + columns +
                           " seq tenant', ' ')) AS c WHERE NOT EXISTS (SELECT FROM "
                           "information_schema.columns WHERE table_schema = "
                           "'reporting' AND table_name = '" +
                           table + "' AND column_name = c)"),
            "")
            << table;
    EXPECT_EQ(database.value("SELECT count(*) FROM information_schema.columns WHERE table_schema = "
                             "'reporting' AND data_type = "
                             "'timestamp without time zone'"),
              "0");
    EXPECT_EQ(database.value("SELECT data_type FROM information_schema.columns WHERE table_schema = "
                             "'reporting' AND table_name = "
                             "'interaction' AND column_name = 'id'"),
              "uuid");
}
