// Which requests an earlier run took: their repetitions come for 32 s, over a restart too. Read at start,
// before the report writer removes what PostgreSQL has.
#pragma once

#include <string>
#include <vector>

#include "db/report/spool.hpp"

namespace trunkline::db {

/// The transactions (message.transaction) of the texts since `since`, from the spool's files and from
/// PostgreSQL, which may have some of them both. Throws PostgresError.
[[nodiscard]] std::vector<std::string> read_taken_texts(const std::string& dsn, const Spool& spool,
                                                        TimePoint since);

}  // namespace trunkline::db
