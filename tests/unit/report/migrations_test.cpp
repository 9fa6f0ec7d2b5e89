#include <gtest/gtest.h>

#include "db/migrate/migrate.hpp"
#include "tests/support/postgres_cluster.hpp"

using trunkline::test::TestDatabase;
namespace db = trunkline::db;

namespace trunkline::db {
std::vector<std::pair<std::string_view, std::string_view>> migration_files();  // made by db/embed.cmake
}

namespace {
void silent(const std::string&) {}

/// A database as a build left it that knew no more than so many migrations, with something in it.
void stop_at(const TestDatabase& database, std::size_t version) {
    const auto files = db::migration_files();
    std::string known;
    for (std::size_t i = 0; i < version; ++i) {
        database.query("BEGIN; " + std::string(files[i].second) + "; COMMIT");
        known += (i == 0 ? "(" : ", (") + std::to_string(i + 1) + ", '" + std::string(files[i].first) + "')";
    }
    database.query(
        "CREATE TABLE IF NOT EXISTS config.schema_version (version integer PRIMARY KEY, name text NOT NULL, "
        "applied_at timestamptz NOT NULL DEFAULT now()); INSERT INTO config.schema_version (version, name) "
        "VALUES " +
        known);
    database.query(
        "INSERT INTO config.tenant (name) VALUES ('T'); INSERT INTO config.skill (tenant, name) VALUES ('T', "
        "'a'); "
        "INSERT INTO config.agent_group (tenant, name, script) VALUES ('T', 'g', 'a > 1')");
    if (version > 1)
        database.query(
            "SELECT reporting.ensure_month('2025-03-01'); INSERT INTO reporting.message (seq, id, at, text) "
            "VALUES (1, 1, '2025-03-04', 'hello')");
}
}  // namespace

TEST(Migrations, BringAnEmptyDatabaseToTheNewest) {
    const TestDatabase database(TestDatabase::Schema::empty);
    EXPECT_EQ(db::schema_version(database.dsn()), 0);
    EXPECT_THROW(db::require_newest(database.dsn()), db::MigrationError);
    std::vector<std::string> steps;
    const int applied = db::migrate(database.dsn(), [&](const std::string& step) { steps.push_back(step); });
    EXPECT_GT(applied, 0);
    EXPECT_EQ(static_cast<int>(steps.size()), applied);
    EXPECT_EQ(db::schema_version(database.dsn()), db::newest_version());
    EXPECT_NO_THROW(db::require_newest(database.dsn()));
    EXPECT_EQ(db::migrate(database.dsn(), silent), 0) << "a second run has nothing to do";
}

TEST(Migrations, BringEveryEarlierSchemaToTheNewestWithWhatIsInIt) {
    for (std::size_t version = 1; version < static_cast<std::size_t>(db::newest_version()); ++version) {
        const TestDatabase database(TestDatabase::Schema::empty);
        stop_at(database, version);
        ASSERT_EQ(db::schema_version(database.dsn()), static_cast<int>(version));
        EXPECT_EQ(db::migrate(database.dsn(), silent), db::newest_version() - static_cast<int>(version));
        EXPECT_NO_THROW(db::require_newest(database.dsn()));
        EXPECT_EQ(database.value("SELECT script FROM config.agent_group"), "a > 1");
        EXPECT_EQ(version > 1 ? database.value("SELECT text FROM reporting.message") : "hello", "hello");
    }
}

TEST(Migrations, AreRefusedWhenTheDatabaseIsNewer) {
    const TestDatabase database;
    database.query("INSERT INTO config.schema_version(version, name) VALUES (9999, '9999_from_the_future')");
    EXPECT_THROW(db::migrate(database.dsn(), silent), db::MigrationError);
    try {
        db::require_newest(database.dsn());
        FAIL() << "a newer database was taken";
    } catch (const db::MigrationError& error) {
        EXPECT_NE(std::string(error.what()).find("newer build"), std::string::npos) << error.what();
    }
}

TEST(Migrations, GiveEveryTableAndColumnAComment) {
    const TestDatabase database;
    database.query("SELECT reporting.ensure_month('2031-05-17')");
    const auto bare = database.query(R"(
        SELECT c.oid::regclass::text, coalesce(a.attname, '(the table)')
        FROM pg_class c
        LEFT JOIN LATERAL (SELECT attname, attnum FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped
                           UNION ALL SELECT NULL, 0) a ON true
        WHERE c.relnamespace IN ('reporting'::regnamespace, 'reporting_parts'::regnamespace, 'icon'::regnamespace) AND c.relkind IN ('r', 'p', 'v')
          AND col_description(c.oid, a.attnum) IS NULL AND (a.attnum > 0 OR obj_description(c.oid, 'pg_class') IS NULL))");
    std::string names;
    for (const auto& row : bare) names += row[0] + "." + row[1] + "\n";
    EXPECT_TRUE(bare.empty()) << names;
}

TEST(Migrations, MakeOnePartitionAMonthForEachBigTable) {
    const TestDatabase database;
    EXPECT_GT(std::stoi(database.value("SELECT reporting.ensure_month('2031-05-17')")), 10);
    EXPECT_EQ(database.value("SELECT reporting.ensure_month('2031-05-31')"), "0") << "the month is there";
    database.query(
        "INSERT INTO reporting.message(seq, id, at) VALUES (1, 1, '2031-05-31 23:59:59.999999+00'), "
        "(2, 2, '2031-06-01 00:00:00+00')");
    EXPECT_EQ(database.value(
                  "SELECT string_agg(tableoid::regclass::text, ' ' ORDER BY seq) FROM reporting.message"),
              "reporting_parts.message_2031_05 reporting_parts.message_default");
    // Rows that lie in the default partition already must not stand in the way of the others' month.
    EXPECT_GT(std::stoi(database.value("SELECT reporting.ensure_month('2031-06-01')")), 10);
}

TEST(Migrations, LetScriptsReadThreeTablesAndTheSitesOwnAndNothingElse) {
    const TestDatabase database;
    database.query("CREATE TABLE script.vip(customer text)");
    const auto may_read = [&](const std::string& table) {
        return database.value(
            "SELECT has_schema_privilege('trunkline_script', '" + table.substr(0, table.find('.')) +
            "', 'USAGE') AND has_table_privilege('trunkline_script', '" + table + "', 'SELECT')");
    };
    for (const char* table :
         {"reporting.interaction", "reporting.queue_stay", "reporting.route", "script.vip"})
        EXPECT_EQ(may_read(table), "t") << table;
    for (const char* table : {"reporting.message", "reporting.party", "config.schema_version"})
        EXPECT_EQ(may_read(table), "f") << table;
}
