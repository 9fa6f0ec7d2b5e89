#include "db/migrate/roles.hpp"

#include <array>

#include "db/postgres/connection.hpp"

namespace trunkline::db {

namespace {

struct Role {
    const char* name;
    const char* create;
    const char* grants;
    const char* without;  // what does not work where it cannot be made
};

constexpr std::array roles{// LOGIN: scripts get a connection of their own under this role. SET ROLE on
                           // another's would be a door that a
                           // query can open again.
                           Role{"trunkline_script", "CREATE ROLE trunkline_script LOGIN NOINHERIT",
                                R"(GRANT USAGE ON SCHEMA script, reporting TO trunkline_script;
GRANT SELECT ON ALL TABLES IN SCHEMA script TO trunkline_script;
ALTER DEFAULT PRIVILEGES IN SCHEMA script GRANT SELECT ON TABLES TO trunkline_script;
GRANT SELECT ON reporting.interaction, reporting.queue_stay, reporting.route TO trunkline_script;)",
                                "scripts' db.query needs one"},
                           // NOLOGIN: people log in as themselves and are members of it.
                           Role{"trunkline_report", "CREATE ROLE trunkline_report NOLOGIN",
                                R"(GRANT USAGE ON SCHEMA reporting TO trunkline_report;
GRANT SELECT ON ALL TABLES IN SCHEMA reporting TO trunkline_report;
DO $$ BEGIN IF to_regnamespace('icon') IS NOT NULL THEN
GRANT USAGE ON SCHEMA icon TO trunkline_report;
GRANT SELECT ON ALL TABLES IN SCHEMA icon TO trunkline_report; END IF; END $$;)",
                                "people and BI tools who only read reports need one"}};

bool exists(Connection& connection, const Role& role) {
    return connection.run("SELECT 1 FROM pg_roles WHERE rolname = $1", {role.name}).size() == 1;
}

bool create(Connection& connection, const Role& role) {
    try {
        connection.run(role.create);
        return true;
    } catch (const PostgresError& error) {
        // 42710 and 23505: another database of the cluster was migrated at the same moment.
        if (error.sqlstate() == "42710" || error.sqlstate() == "23505") return true;
        if (error.sqlstate() == "42501") return false;
        throw;
    }
}

void ensure(Connection& connection, const Role& role, const Progress& progress) {
    const std::string name = role.name;
    if (!exists(connection, role) && !create(connection, role)) {
        progress("the role of this connection may not make roles (CREATEROLE), and " +
                 std::string(role.without) + ". Let an administrator run, in this database:\n" + role.create +
                 ";\n" + role.grants);
        return;
    }
    try {
        Transaction transaction(connection);
        connection.run(role.grants);
        transaction.commit();
    } catch (const PostgresError& error) {
        if (error.sqlstate() != "42501") throw;
        progress("the rights of " + name +
                 " could not be given; let an administrator run, in this database:\n" + role.grants);
    }
}

}  // namespace

void ensure_roles(Connection& connection, const Progress& progress) {
    if (connection.run("SELECT to_regnamespace('script'), to_regclass('reporting.route')").is_null(0, 0))
        return;
    for (const Role& role : roles) ensure(connection, role, progress);
}

}  // namespace trunkline::db
