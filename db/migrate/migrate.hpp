// Brings a database to this build's schema: db/migrations/NNNN_what.sql, forward only, embedded into the
// library. Any thread, any number of processes at once (an advisory lock makes them follow each other).
// Failures are PostgresError or MigrationError, both in words for the person who runs `trunkctl migrate`.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace trunkline::db {

class MigrationError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Told one line for each step, for a person to follow.
using Progress = std::function<void(const std::string&)>;

/// Applies what is missing, each migration in a transaction of its own, and makes the role of the scripts.
/// Returns how many were applied. Throws MigrationError when the database is newer than this build.
int migrate(const std::string& dsn, const Progress& progress);

/// The version that the database is at; 0 for one that was never migrated.
[[nodiscard]] int schema_version(const std::string& dsn);

/// The version that this build works with.
[[nodiscard]] int newest_version();

/// Throws MigrationError, naming what to do, unless the database is exactly at newest_version().
void require_newest(const std::string& dsn);

}  // namespace trunkline::db
