// The roles that read the database and nothing more: trunkline_script, under which db.query of scripts runs,
// and trunkline_report, which an administrator grants to people and BI tools. Neither sees schema config.
// Roles belong to the cluster, so that they are made here and not by a migration.
#pragma once

#include "db/migrate/migrate.hpp"

namespace trunkline::db {

class Connection;

/// Makes the roles where they are missing and gives them their rights in this database. Where the connection
/// may not, `progress` is told what an administrator must run.
void ensure_roles(Connection& connection, const Progress& progress);

}  // namespace trunkline::db
