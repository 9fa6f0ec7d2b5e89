#include "db/report/row_sql.hpp"

#include <algorithm>

#include "db/postgres/connection.hpp"

namespace trunkline::db {

namespace {

std::string listed(const std::vector<std::string>& names) {
    std::string list;
    for (const auto& name : names) list += (list.empty() ? "" : ", ") + quoted_name(name);
    return list;
}

// An INSERT that becomes an UPDATE: the row is found by the primary key in its own partition, whatever the
// planner knows of tables that grow by the second. Where the row is missing, what is known of it is better
// than nothing.
std::string update_of(const RowKind& kind, const std::string& table, const TypeOf& type_of) {
    std::string set, arrays;
    for (const auto& column : kind.columns) {
        arrays += (arrays.empty() ? "$" : ", $") + std::to_string(1 + &column - kind.columns.data()) +
                  "::" + type_of(column) + "[]";
        const bool is_key = std::find(kind.key.begin(), kind.key.end(), column) != kind.key.end();
        if (is_key || column == "seq") continue;  // the row keeps the seq of its insert
        const std::string name = quoted_name(column);
        set += (set.empty() ? "" : ", ") + name + " = excluded." + name;
    }
    const std::string key = listed(kind.key), columns = listed(kind.columns);
    return "INSERT INTO " + table + " (" + columns + ") SELECT DISTINCT ON (" + key + ") " + columns +
           " FROM unnest(" + arrays + ") WITH ORDINALITY AS batch (" + columns + ", batch_rank) ORDER BY " +
           key + ", batch_rank DESC ON CONFLICT (" + key + ") DO UPDATE SET " + set;
}

}  // namespace

RowSql make_row_sql(const RowKind& kind, std::string_view staging_name, const TypeOf& type_of) {
    const std::string table = "reporting." + quoted_name(kind.table);
    const std::string staging = quoted_name(staging_name);
    const std::string columns = listed(kind.columns);
    RowSql sql;
    if (!kind.key.empty()) {
        sql.update = update_of(kind, table, type_of);
        return sql;
    }
    sql.make_staging = "CREATE TEMP TABLE IF NOT EXISTS " + staging +
                       " ON COMMIT DELETE ROWS AS SELECT 0::bigint AS batch_rank, " + columns + " FROM " +
                       table + " WITH NO DATA";
    sql.copy_staged = "COPY " + staging + " (batch_rank, " + columns + ") FROM STDIN";
    sql.copy = "COPY " + table + " (" + columns + ") FROM STDIN";
    sql.merge = "INSERT INTO " + table + " (" + columns + ") SELECT " + columns + " FROM " + staging +
                " ORDER BY batch_rank ON CONFLICT DO NOTHING";
    return sql;
}

}  // namespace trunkline::db
