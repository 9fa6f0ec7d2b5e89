// The role that scripts' db.query runs under: it may read schema `script` (the site's own tables) and three
// tables of reporting, and nothing else. A role belongs to the whole PostgreSQL cluster, so it is not part of
// a migration.
#pragma once

#include "db/migrate/migrate.hpp"

namespace trunkline::db {

class Connection;

/// Makes the role and its grants where they are missing. Where the connection's role may not make roles,
/// tells the statements for an administrator instead.
void ensure_script_role(Connection& connection, const Progress& progress);

}  // namespace trunkline::db
