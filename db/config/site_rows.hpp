// A Site as the rows of schema config, and what differs between two of them. This is the only place that
// knows which table holds which part of an object. Pure functions; any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/site.hpp"

namespace trunkline::config {

struct Column {
    std::string_view name;
    enum class Kind { text, json } kind = Kind::text;
};

/// Parents stand before their children.
struct Table {
    std::string_view name;
    std::vector<std::string_view> keys;  // what the rows of two Sites are matched by
    std::vector<Column> values;
};
[[nodiscard]] const std::vector<Table>& tables();

struct Row {
    std::vector<std::string> key;
    std::vector<std::optional<std::string>> values;  // none is NULL
    std::string path;                                // inside the site file
    std::string owner;  // path of the object that this row is a part of; "" where the row is an object
};

/// One list of rows for each of tables(). Names that lead nowhere are left out: check() has reported them.
using SiteRows = std::vector<std::vector<Row>>;
[[nodiscard]] SiteRows rows_of(const model::Site& site);

struct Change {
    enum class What { added, changed, removed };
    What what = What::added;
    std::string path;
    std::string detail;  // `old -> new`; never a password
    bool operator==(const Change&) const = default;
};
[[nodiscard]] std::string_view to_text(Change::What what);

/// What to do to a table, and what to tell about it.
struct TableDifference {
    std::vector<Row> added, changed, removed;
};
struct Difference {
    std::vector<TableDifference> tables;  // one for each of tables()
    std::vector<Change> changes;
};
[[nodiscard]] Difference difference(const model::Site& from, const model::Site& to);

/// Options as JSON text: sections and keys sorted, all values texts.
[[nodiscard]] std::string to_json(const model::Options& options);
/// The reverse; what is no object of objects of plain values is left out.
[[nodiscard]] model::Options options_of_json(std::string_view json);
[[nodiscard]] std::map<std::string, std::string> text_map_of_json(std::string_view json);

}  // namespace trunkline::config
