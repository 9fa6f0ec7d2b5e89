#include "db/migrate/migrate.hpp"

#include <charconv>
#include <utility>
#include <vector>

#include "db/migrate/roles.hpp"
#include "db/postgres/connection.hpp"

namespace trunkline::db {

std::vector<std::pair<std::string_view, std::string_view>> migration_files();  // made by db/embed.cmake

namespace {

struct Migration {
    int version;
    std::string_view name;  // NNNN_what
    std::string_view sql;
};

std::vector<Migration> migrations() {
    std::vector<Migration> result;
    for (const auto& [name, sql] : migration_files()) {
        int version = 0;
        std::from_chars(name.data(), name.data() + name.size(), version);
        result.push_back({version, name, sql});
    }
    return result;
}

// Made after the first migration, which may be the one that makes the schema.
constexpr const char* version_table = R"(
CREATE SCHEMA IF NOT EXISTS config;
CREATE TABLE IF NOT EXISTS config.schema_version (
    version integer PRIMARY KEY,
    name text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now());
COMMENT ON TABLE config.schema_version IS 'The migrations that this database has had; the highest version is its schema''s';
COMMENT ON COLUMN config.schema_version.version IS 'Number of the migration';
COMMENT ON COLUMN config.schema_version.name IS 'Name of the migration''s file, without .sql';
COMMENT ON COLUMN config.schema_version.applied_at IS 'When it was applied';
)";

int version_of(Connection& connection) {
    if (connection.run("SELECT to_regclass('config.schema_version')").is_null(0, 0)) return 0;
    const auto rows = connection.run("SELECT coalesce(max(version), 0) FROM config.schema_version");
    return std::stoi(std::string(rows.at(0, 0)));
}

std::string newer_than_this(int found) {
    return "the database has schema version " + std::to_string(found) + " and this build knows version " +
           std::to_string(newest_version()) + ": use a newer build of Trunkline with this database";
}

void apply(Connection& connection, const Migration& migration) {
    Transaction transaction(connection);
    try {
        connection.run(std::string(migration.sql));
        connection.run(version_table);
    } catch (const PostgresError& error) {
        throw PostgresError(
            "migration " + std::string(migration.name) + " failed and left nothing behind: " + error.what(),
            error.sqlstate());
    }
    connection.run("INSERT INTO config.schema_version(version, name) VALUES ($1::integer, $2)",
                   {std::to_string(migration.version), std::string(migration.name)});
    transaction.commit();
}

}  // namespace

int newest_version() {
    const auto all = migrations();
    return all.empty() ? 0 : all.back().version;
}

int schema_version(const std::string& dsn) {
    Connection connection(dsn);
    return version_of(connection);
}

void require_newest(const std::string& dsn) {
    const int found = schema_version(dsn);
    if (found > newest_version()) throw MigrationError(newer_than_this(found));
    if (found < newest_version())
        throw MigrationError("the database has schema version " + std::to_string(found) +
                             " and this build needs " + std::to_string(newest_version()) +
                             ": run `trunkctl migrate`");
}

int migrate(const std::string& dsn, const Progress& progress) {
    Connection connection(dsn);
    connection.run("SET client_min_messages = warning");
    // Held until the connection closes. Two processes that migrate at once follow each other.
    connection.run("SELECT pg_advisory_lock(hashtext('trunkline migrate'))");
    const int found = version_of(connection);
    if (found > newest_version()) throw MigrationError(newer_than_this(found));
    int applied = 0;
    for (const auto& migration : migrations()) {
        if (migration.version <= found) continue;
        progress("applying " + std::string(migration.name));
        apply(connection, migration);
        ++applied;
    }
    ensure_roles(connection, progress);
    return applied;
}

}  // namespace trunkline::db
