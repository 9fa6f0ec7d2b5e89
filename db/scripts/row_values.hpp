// A row of PostgreSQL as values for a script: integers, floats and booleans as such, times in ISO 8601, NULL,
// and everything else as PostgreSQL writes it. Pure functions over a libpq result in text format.
#pragma once

#include <libpq-fe.h>

#include "engine/messages/outside.hpp"

namespace trunkline::db {

[[nodiscard]] messages::SqlValue sql_value(const PGresult* rows, int row, int column);
/// How a parameter is written; none for NULL. PostgreSQL finds its type by where it stands.
[[nodiscard]] std::optional<std::string> parameter_text(const messages::SqlValue&);

}  // namespace trunkline::db
