// The stock reporting queries (db/queries/*.sql), embedded: what `trunkctl sql NAME` runs. A file's first
// line is a comment that says what it tells, and a second one names its parameter where it has one. Any
// thread; running one throws PostgresError or, where there is no such query, std::invalid_argument that lists
// those there are.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkline::db {

struct StockQuery {
    std::string_view name;
    std::string_view tells;      // one sentence
    std::string_view parameter;  // what $1 is; "" where it takes none
    std::string_view sql;
};

/// What a query gave: cells as text, none for NULL. Column names are snake case.
struct QueryTable {
    std::vector<std::string> columns;
    std::vector<std::vector<std::optional<std::string>>> rows;
};

/// By name.
[[nodiscard]] std::vector<StockQuery> stock_queries();
[[nodiscard]] QueryTable run_stock_query(const std::string& dsn, std::string_view name,
                                         const std::optional<std::string>& parameter);

}  // namespace trunkline::db
