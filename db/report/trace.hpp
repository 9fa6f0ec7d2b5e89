// One interaction's life as the reports have it: the rows of all tables in one order. Any thread, with a
// connection of its own. Throws PostgresError.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace trunkline::db {

/// `kind` is the table that the entry comes from. Times are UTC, as 2025-03-04 05:06:07.000001+00.
struct TraceEntry {
    std::int64_t seq = 0;  // of the row; the end of a stay has that of its begin
    std::string at, kind, what;
    std::string file;
    std::optional<std::int64_t> line;
    std::string detail;
};
BOOST_DESCRIBE_STRUCT(TraceEntry, (), (seq, at, kind, what, file, line, detail))

/// `id`: a uuid, a CallUUID or a ConnID. Empty when there is no such interaction.
[[nodiscard]] std::vector<TraceEntry> read_trace(const std::string& dsn, const std::string& id);

}  // namespace trunkline::db
