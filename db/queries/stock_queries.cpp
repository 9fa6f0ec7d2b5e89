#include "db/queries/stock_queries.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "db/postgres/connection.hpp"

namespace trunkline::db {

std::vector<std::pair<std::string_view, std::string_view>> query_files();  // made by db/embed.cmake

namespace {

// The text behind `prefix` on the line that starts at `from`.
std::string_view comment_at(std::string_view sql, std::size_t from, std::string_view prefix) {
    const auto line = sql.substr(from, sql.find('\n', from) - from);
    return line.starts_with(prefix) ? line.substr(prefix.size()) : std::string_view();
}

}  // namespace

std::vector<StockQuery> stock_queries() {
    std::vector<StockQuery> all;
    for (const auto& [name, sql] : query_files())
        all.push_back({name, comment_at(sql, 0, "-- "), comment_at(sql, sql.find('\n') + 1, "-- $1: "), sql});
    return all;
}

QueryTable run_stock_query(const std::string& dsn, std::string_view name,
                           const std::optional<std::string>& parameter) {
    const auto all = stock_queries();
    const auto query =
        std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
    if (query == all.end()) {
        std::string names;
        for (const auto& each : all) names += (names.empty() ? "" : ", ") + std::string(each.name);
        throw std::invalid_argument("there is no stock query " + std::string(name) + "; there are: " + names);
    }
    if (query->parameter.empty() && parameter)
        throw std::invalid_argument("the stock query " + std::string(name) + " takes no parameter");
    Connection connection(dsn);
    const auto rows = query->parameter.empty() ? connection.run(std::string(query->sql), {})
                                               : connection.run(std::string(query->sql), {parameter});
    QueryTable table;
    for (int column = 0; column < rows.columns(); ++column) table.columns.emplace_back(rows.column(column));
    for (int row = 0; row < rows.size(); ++row) {
        auto& cells = table.rows.emplace_back();
        for (int column = 0; column < rows.columns(); ++column) {
            if (rows.is_null(row, column))
                cells.emplace_back();
            else
                cells.emplace_back(rows.at(row, column));
        }
    }
    return table;
}

}  // namespace trunkline::db
