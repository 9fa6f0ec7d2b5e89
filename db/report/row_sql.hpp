// The statements that write one kind of row. An insert: COPY straight into its table, or COPY into a
// temporary table and from there an INSERT that leaves rows alone which are there already. An update: one
// statement with an array for each column; emptying temporary tables for them at each COMMIT took a tenth of
// PostgreSQL's time. Pure functions of the kind.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "db/report/row_text.hpp"

namespace trunkline::db {

/// Of an insert the first four, of an update the last; the others are "".
struct RowSql {
    std::string copy;          // into the table
    std::string make_staging;  // the temporary table, emptied by each COMMIT
    std::string copy_staged;   // each line has its rank in the batch before it
    std::string merge;         // what is staged into the table
    std::string update;        // $1, $2…: an array a column, in the batch's order; a key's last row counts
};

/// The SQL type of a column of the kind's table.
using TypeOf = std::function<std::string(const std::string& column)>;

/// `staging`: a name for the temporary table.
[[nodiscard]] RowSql make_row_sql(const RowKind& kind, std::string_view staging, const TypeOf& type_of);

}  // namespace trunkline::db
