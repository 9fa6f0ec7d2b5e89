// The statements that write one kind of row: COPY straight into its table, or COPY into a temporary table and
// from there an INSERT that leaves rows alone which are there already, or updates them. Pure functions of the
// kind.
#pragma once

#include <string>
#include <string_view>

#include "db/report/row_text.hpp"

namespace trunkline::db {

struct RowSql {
    std::string copy;          // into the table; "" for an update
    std::string make_staging;  // the temporary table, emptied by each COMMIT
    std::string copy_staged;   // each line has its rank in the batch before it
    std::string merge;         // what is staged into the table, each key's last row only for an update
};

/// `staging`: a name for the temporary table.
[[nodiscard]] RowSql make_row_sql(const RowKind& kind, std::string_view staging);

}  // namespace trunkline::db
