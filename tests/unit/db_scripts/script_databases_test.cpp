// What db.query may and may not do, against a real PostgreSQL.
#include "db/scripts/script_databases.hpp"

#include <gmock/gmock.h>

#include <condition_variable>
#include <map>
#include <mutex>

#include "db/postgres/connection.hpp"
#include "tests/support/postgres_cluster.hpp"

namespace trunkline::db {
namespace {

using messages::QueryResult;
using messages::SqlNull;
using messages::SqlValue;
using testing::HasSubstr;
using testing::Not;

/// Answers by the number of the question.
class Answers {
  public:
    void take(messages::Command command) {
        auto& answered = std::get<messages::QueryAnswered>(command);
        {
            const std::lock_guard lock(mutex_);
            by_id_[answered.id] = std::move(answered.result);
        }
        changed_.notify_all();
    }
    QueryResult wait_for(OutsideId id) {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, std::chrono::seconds(60), [&] { return by_id_.contains(id); }))
            return {{}, {}, "never answered"};
        return by_id_[id];
    }
    bool has(OutsideId id) {
        const std::lock_guard lock(mutex_);
        return by_id_.contains(id);
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<OutsideId, QueryResult> by_id_;
};

struct Ask {
    std::vector<SqlValue> parameters = {};
    std::string database = {};
    Duration timeout = std::chrono::seconds(20);
};

class ScriptQueries : public testing::Test {
  protected:
    test::TestDatabase database;
    Answers answers;
    ScriptDatabasesSettings settings{database.dsn(), {{"site", database.dsn()}}, 2, 256};
    std::unique_ptr<ScriptDatabases> databases;
    std::uint64_t last = 0;

    void SetUp() override {
        database.query(R"(CREATE TABLE script.customer (name text, tier text, visits int);
            INSERT INTO script.customer VALUES ('sue', 'gold', 3), ('tom', NULL, 0))");
    }
    /// What the role of the tests may not see or do.
    std::string as_superuser(const std::string& sql) {
        const auto rows =
            Connection(test::PostgresCluster::instance().dsn("postgres") + " user=postgres").run(sql);
        return rows.size() == 0 ? "" : std::string(rows.at(0, 0));
    }
    std::string active() {
        return as_superuser(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = 'trunkline_script' AND "
            "datname = '" +
            database.value("SELECT current_database()") + "' AND state = 'active'");
    }
    /// A server process ends a moment after its connection; the database can be dropped after that.
    void TearDown() override {
        databases.reset();
        while (as_superuser("SELECT count(*) FROM pg_stat_activity WHERE datname = '" +
                            database.value("SELECT current_database()") +
                            "' AND "
                            "application_name = 'trunkline scripts'") != "0") {
        }
    }
    ScriptDatabases& room() {
        if (!databases)
            databases = std::make_unique<ScriptDatabases>(
                settings, [this](messages::Command command) { answers.take(std::move(command)); });
        return *databases;
    }
    OutsideId post(const std::string& sql, const Ask& how = {}) {
        const OutsideId id(++last);
        room().post({id, {}, {how.database, sql, how.parameters, how.timeout}});
        return id;
    }
    QueryResult ask(const std::string& sql, const Ask& how = {}) { return answers.wait_for(post(sql, how)); }
    std::string refusal(const std::string& sql, const std::string& in = "") {
        const QueryResult result = ask(sql, {{}, in});
        return result.error.empty() ? "not refused: " + sql : result.error;
    }
    /// The only value of the answer.
    SqlValue value(const std::string& sql, const Ask& how = {}) {
        const QueryResult result = ask(sql, how);
        EXPECT_EQ(result.error, "") << sql;
        return result.rows.empty() ? SqlValue{"no row"} : result.rows[0].at(0);
    }
    std::string text(const std::string& sql) { return std::get<std::string>(value(sql).is); }
    std::int64_t whole(const std::string& sql) { return std::get<std::int64_t>(value(sql).is); }
};

TEST_F(ScriptQueries, FindRowsByParameters) {
    const QueryResult result = ask("SELECT name, tier FROM script.customer WHERE visits >= $1 ORDER BY name",
                                   {{SqlValue{std::int64_t{0}}}});
    EXPECT_EQ(result.error, "");
    EXPECT_THAT(result.columns, testing::ElementsAre("name", "tier"));
    ASSERT_EQ(result.rows.size(), 2U);
    EXPECT_EQ(std::get<std::string>(result.rows[0][1].is), "gold");
    EXPECT_TRUE(std::holds_alternative<SqlNull>(result.rows[1][1].is));
}

TEST_F(ScriptQueries, BindWhatWouldBeAnInjectionAsAValue) {
    EXPECT_EQ(whole("SELECT count(*) FROM script.customer"), 2);
    const auto found = ask("SELECT name FROM script.customer WHERE name = $1",
                           {{SqlValue{"x'; DROP TABLE script.customer; --"}}});
    EXPECT_EQ(found.error, "");
    EXPECT_TRUE(found.rows.empty());
}

TEST_F(ScriptQueries, GiveEveryValueAsItsType) {
    EXPECT_EQ(std::get<bool>(value("SELECT true").is), true);
    EXPECT_EQ(whole("SELECT 42::smallint"), 42);
    EXPECT_EQ(whole("SELECT sum(visits)::bigint FROM script.customer"), 3);
    EXPECT_EQ(whole("SELECT sum(9007199254740993::bigint)"), 9007199254740993);
    EXPECT_EQ(std::get<double>(value("SELECT 12.50::numeric").is), 12.5);
    EXPECT_EQ(std::get<double>(value("SELECT 3::float8").is), 3.0);
    EXPECT_EQ(text("SELECT timestamptz '2026-03-29 02:30:00.25+02'"), "2026-03-29T00:30:00.25Z");
    EXPECT_EQ(text("SELECT timestamp '2026-03-29 02:30:00'"), "2026-03-29T02:30:00");
    EXPECT_EQ(text("SELECT date '2026-03-29'"), "2026-03-29");
    EXPECT_EQ(text("SELECT interval '1 day 2 hours'"), "P1DT2H");
    EXPECT_EQ(text(R"(SELECT '{"a": 1}'::jsonb)"), R"({"a": 1})");
    EXPECT_EQ(text("SELECT '\\xdead'::bytea"), "\\xdead");
    EXPECT_EQ(std::get<bool>(value("SELECT $1::boolean", {{SqlValue{true}}}).is), true);
    EXPECT_EQ(std::get<double>(value("SELECT $1::float8", {{SqlValue{0.1}}}).is), 0.1);
    EXPECT_TRUE(std::holds_alternative<SqlNull>(value("SELECT $1::int", {{SqlValue{SqlNull{}}}}).is));
}

TEST_F(ScriptQueries, MayReadTheSitesTablesAndThreeOfReportingAndNothingElse) {
    EXPECT_EQ(text("SELECT current_user::text"), "trunkline_script");
    for (const char* table : {"reporting.interaction", "reporting.queue_stay", "reporting.route"})
        EXPECT_EQ(ask(std::string("SELECT * FROM ") + table + " LIMIT 1").error, "") << table;
    for (const char* table : {"config.person", "config.secret", "reporting.message", "reporting.trace_step"})
        EXPECT_THAT(refusal(std::string("SELECT * FROM ") + table), HasSubstr("permission denied")) << table;
    EXPECT_THAT(refusal("SELECT pg_read_file('/etc/passwd')"), HasSubstr("permission denied"));
    EXPECT_THAT(refusal("SELECT * FROM pg_authid"), HasSubstr("permission denied"));
    EXPECT_THAT(refusal("SELECT lo_import('/etc/passwd')"), HasSubstr("permission denied"));
}

TEST_F(ScriptQueries, AreOneSelectAndNothingElse) {
    for (const char* sql : {"UPDATE script.customer SET visits = 9",
                            "DELETE FROM script.customer",
                            "INSERT INTO script.customer VALUES ('x')",
                            "DROP TABLE script.customer",
                            "COPY (SELECT 1) TO PROGRAM 'touch /tmp/never'",
                            "COPY script.customer TO '/tmp/never'",
                            "SET ROLE trunkline",
                            "RESET ROLE",
                            "SET SESSION AUTHORIZATION trunkline",
                            "SET default_transaction_read_only = off",
                            "SET TRANSACTION READ WRITE",
                            "COMMIT",
                            "ROLLBACK",
                            "BEGIN",
                            "DO $$ BEGIN NULL; END $$",
                            "PREPARE p AS SELECT 1",
                            "EXECUTE p",
                            "LISTEN x",
                            "NOTIFY x",
                            "LOCK TABLE script.customer",
                            "CREATE TEMP TABLE t (a int)",
                            "LOAD 'x'",
                            "VACUUM",
                            "DISCARD ALL",
                            "CALL p()",
                            "DECLARE c CURSOR FOR SELECT 1",
                            "EXPLAIN ANALYZE SELECT 1"})
        EXPECT_THAT(refusal(sql), HasSubstr("db.query takes one SELECT, WITH, VALUES or TABLE")) << sql;
    for (const char* sql : {"SELECT 1; SELECT 2", "SELECT 1; COMMIT", "SELECT 1; DROP TABLE script.customer"})
        EXPECT_THAT(refusal(sql), HasSubstr("multiple commands")) << sql;
    EXPECT_THAT(refusal("WITH x AS (DELETE FROM script.customer RETURNING *) SELECT * FROM x"),
                HasSubstr("data-modifying"));
    EXPECT_THAT(refusal("SELECT * INTO script.copy FROM script.customer"), Not(HasSubstr("not refused")));
    EXPECT_EQ(database.value("SELECT sum(visits) FROM script.customer"), "3");
    EXPECT_EQ(ask("SELECT 1 AS a; -- the only one").error, "");
    EXPECT_EQ(ask("TABLE script.customer").error, "");
    EXPECT_EQ(ask("VALUES (1), (2)").rows.size(), 2U);
}

// What the grammar lets through are functions: of these none may lead to files, other databases, other
// people's rows or connections.
TEST_F(ScriptQueries, AttackWithFunctionsInVain) {
    for (const char* sql : {
             "SELECT pg_read_binary_file('/etc/passwd')",
             "SELECT pg_ls_dir('/')",
             "SELECT pg_stat_file('/etc/passwd')",
             "SELECT lo_export(1, '/tmp/never')",
             "SELECT pg_reload_conf()",
             "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> current_user",
             "SELECT query_to_xml('SELECT * FROM config.secret', true, true, '')",
             "SELECT table_to_xml('config.secret', true, true, '')",
             "SELECT set_config('role', 'postgres', false)",
             "SELECT set_config('session_authorization', 'postgres', false)",
             "SELECT set_config('session_preload_libraries', 'x', false)",
             "SELECT * FROM dblink('host=127.0.0.1', 'SELECT 1') AS t(a int)",
             "SELECT * FROM pg_config",
             "SELECT * FROM pg_hba_file_rules",
             "SELECT passwd FROM pg_shadow",
             "SELECT pg_create_restore_point('x')",
             "SELECT * FROM pg_show_all_file_settings()",
         })
        EXPECT_THAT(refusal(sql), ::testing::AnyOf(HasSubstr("permission denied"),
                                                   HasSubstr("does not exist"), HasSubstr("must be")))
            << sql;
    EXPECT_EQ(text("SELECT current_user::text"), "trunkline_script");
    EXPECT_EQ(ask("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%config.secret%' AND usename <> "
                  "current_user")
                  .error,
              "");
}

// A named database has the rights of its dsn; the grammar and the transaction hold all the same.
TEST_F(ScriptQueries, WriteNothingInANamedDatabaseWhateverItsRights) {
    settings.named["all"] = database.dsn() + " user=postgres";
    EXPECT_EQ(
        std::get<bool>(value("SELECT rolsuper FROM pg_roles WHERE rolname = current_user", {{}, "all"}).is),
        true);
    for (const char* sql : {"COPY (SELECT 1) TO PROGRAM 'touch /tmp/never'", "DELETE FROM script.customer",
                            "SET TRANSACTION READ WRITE", "ALTER SYSTEM SET port = 1"})
        EXPECT_THAT(refusal(sql, "all"), HasSubstr("db.query takes one SELECT")) << sql;
    database.query(
        "CREATE FUNCTION script.clear() RETURNS int LANGUAGE sql AS "
        "'DELETE FROM script.customer; SELECT 1'");
    EXPECT_THAT(refusal("SELECT script.clear()", "all"), HasSubstr("read-only transaction"));
    EXPECT_THAT(refusal("SELECT nextval('reporting.x')", "all"), Not(HasSubstr("not refused")));
    EXPECT_EQ(database.value("SELECT count(*) FROM script.customer"), "2");
}

TEST_F(ScriptQueries, LeaveNothingBehindForTheNextOne) {
    settings.connections = 1;
    const auto setting = [this](const char* name) {
        return text(std::string("SELECT current_setting('") + name + "')");
    };
    const std::string before = setting("work_mem");
    EXPECT_EQ(
        ask("SELECT set_config('work_mem', '1GB', false), set_config('search_path', 'config', false) AS b")
            .error,
        "");
    EXPECT_EQ(setting("work_mem"), before);
    EXPECT_EQ(setting("transaction_read_only"), "on");
    ask("SELECT pg_advisory_lock(77) AS a");
    EXPECT_EQ(database.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "0");
}

TEST_F(ScriptQueries, EndAtTheirTimeAndTheConnectionGoesOn) {
    settings.connections = 1;
    EXPECT_EQ(ask("SELECT pg_sleep(60)", {{}, "", std::chrono::milliseconds(100)}).error, "timeout");
    EXPECT_EQ(ask("SELECT set_config('statement_timeout', '0', false), pg_sleep(60)",
                  {{}, "", std::chrono::milliseconds(100)})
                  .error,
              "timeout");
    EXPECT_EQ(whole("SELECT 5"), 5);
    EXPECT_EQ(active(), "0");
}

TEST_F(ScriptQueries, BringAThousandRowsAndNotOneMore) {
    EXPECT_EQ(ask("SELECT generate_series(1, 1000) AS n").rows.size(), 1000U);
    EXPECT_EQ(refusal("SELECT generate_series(1, 1001) AS n"),
              "there are more than 1000 rows; add a LIMIT or a condition");
    EXPECT_EQ(refusal("SELECT generate_series(1, 1000000000) AS n"),
              "there are more than 1000 rows; add a LIMIT or a condition");
}

TEST_F(ScriptQueries, BringAQuarterOfAMebibyteAndNotMore) {
    EXPECT_EQ(ask("SELECT repeat('x', 262144) AS x").error, "");
    const std::string too_long = "the rows are longer than 262144 bytes; ask for fewer rows or columns";
    EXPECT_EQ(refusal("SELECT repeat('x', 262145) AS x"), too_long);
    EXPECT_EQ(refusal("SELECT repeat('x', 10000) AS x FROM generate_series(1, 1000)"), too_long);
    EXPECT_EQ(whole("SELECT 5"), 5);
}

TEST_F(ScriptQueries, SayWhatIsWrongInOneLine) {
    EXPECT_EQ(refusal("SELECT nothing FROM script.customer"), "column \"nothing\" does not exist");
    EXPECT_EQ(refusal("SELECT 1 AS a, 2 AS a"), "two columns are called 'a'; rename one with AS");
    EXPECT_EQ(refusal("SELECT 1", "crm"), "there is no database 'crm' in scripts.databases; known are site");
}

// lessons B8: one slow database, or a flood of questions, costs nobody else anything.
TEST_F(ScriptQueries, AreToldBusyWhenTheQueueOfTheirDatabaseIsFullAndOthersGoOn) {
    settings.connections = 1;
    settings.most_waiting = 1;
    Connection holder(database.dsn());
    holder.run("SELECT pg_advisory_lock(5)");
    const OutsideId first = post("SELECT pg_advisory_lock(5) AS a");
    while (database.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") != "1")
        ASSERT_FALSE(answers.has(first));
    const OutsideId second = post("SELECT 2 AS a");
    EXPECT_EQ(ask("SELECT 3 AS a").error, "busy");
    EXPECT_EQ(ask("SELECT 4 AS a", {{}, "site"}).error, "");
    EXPECT_FALSE(answers.has(second));
    holder.run("SELECT pg_advisory_unlock(5)");
    EXPECT_EQ(answers.wait_for(first).error, "");
    EXPECT_EQ(answers.wait_for(second).error, "");
}

TEST_F(ScriptQueries, GoOnAfterTheServerClosedTheirConnection) {
    settings.connections = 1;
    EXPECT_EQ(whole("SELECT 1"), 1);
    as_superuser(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'trunkline_script' "
        "AND datname = '" +
        database.value("SELECT current_database()") + "'");
    EXPECT_EQ(whole("SELECT 2"), 2);
}

TEST_F(ScriptQueries, TellNoScriptWhereADatabaseIsOrItsPassword) {
    settings.named["away"] = "host=/nowhere/at/all user=reader password=hush dbname=x";
    EXPECT_EQ(refusal("SELECT 1", "away"), "the database cannot be reached; the server's log says why");
    settings.named["bad"] = "host=x passwrd='hush";
    databases.reset();
    try {
        room();
        FAIL() << "took a dsn that nobody can read";
    } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), HasSubstr("scripts.databases.bad: is no connection string"));
        EXPECT_THAT(error.what(), Not(HasSubstr("hush")));
    }
}

TEST_F(ScriptQueries, AreLeftWhenTheServerEnds) {
    post("SELECT pg_sleep(60)");
    while (active() == "0") {
    }
    databases.reset();
}

}  // namespace
}  // namespace trunkline::db
