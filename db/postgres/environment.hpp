// A connection string as libpq's environment variables: what a program that is started reads without an
// argument that every user of the machine could read. Pure function; a string that is none throws
// std::runtime_error.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace trunkline::db {

[[nodiscard]] std::vector<std::pair<std::string, std::string>> libpq_environment(const std::string& dsn);

}  // namespace trunkline::db
