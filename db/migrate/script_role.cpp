#include "db/migrate/script_role.hpp"

#include "db/postgres/connection.hpp"

namespace trunkline::db {

namespace {

// LOGIN: scripts get a connection of their own under this role. SET ROLE on another's would be a door that a
// query can open again.
constexpr const char* create_role = "CREATE ROLE trunkline_script LOGIN NOINHERIT";

constexpr const char* grants = R"(GRANT USAGE ON SCHEMA script, reporting TO trunkline_script;
GRANT SELECT ON ALL TABLES IN SCHEMA script TO trunkline_script;
ALTER DEFAULT PRIVILEGES IN SCHEMA script GRANT SELECT ON TABLES TO trunkline_script;
GRANT SELECT ON reporting.interaction, reporting.queue_stay, reporting.route TO trunkline_script;)";

bool role_exists(Connection& connection) {
    return connection.run("SELECT 1 FROM pg_roles WHERE rolname = 'trunkline_script'").size() == 1;
}

bool create(Connection& connection) {
    try {
        connection.run(create_role);
        return true;
    } catch (const PostgresError& error) {
        // 42710 and 23505: another database of the cluster was migrated at the same moment.
        if (error.sqlstate() == "42710" || error.sqlstate() == "23505") return true;
        if (error.sqlstate() == "42501") return false;
        throw;
    }
}

}  // namespace

void ensure_script_role(Connection& connection, const Progress& progress) {
    if (connection.run("SELECT to_regnamespace('script'), to_regclass('reporting.route')").is_null(0, 0))
        return;
    if (!role_exists(connection) && !create(connection)) {
        progress(
            "the role of this connection may not make roles (CREATEROLE); scripts' db.query needs one. Let "
            "an "
            "administrator run, in this database:\n" +
            std::string(create_role) + ";\n" + grants);
        return;
    }
    try {
        Transaction transaction(connection);
        connection.run(grants);
        transaction.commit();
    } catch (const PostgresError& error) {
        if (error.sqlstate() != "42501") throw;
        progress(
            "the rights of trunkline_script could not be given; let an administrator run, in this "
            "database:\n" +
            std::string(grants));
    }
}

}  // namespace trunkline::db
