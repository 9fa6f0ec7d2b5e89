// Puts the updates of a batch into the rows that the same batch inserts: PostgreSQL then writes such a row
// once, with its indexes, instead of writing, finding and writing it again. Most rows end within the batch
// that began them. Used by the report writer's thread; never fails: an update that does not fit stays what it
// is.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "db/report/spool_reader.hpp"

namespace trunkline::db {

class UpdateFolding {
  public:
    using Kinds = std::shared_ptr<const std::vector<RowKind>>;

    /// `kinds`: what the rows that will be given point into.
    explicit UpdateFolding(Kinds kinds);
    /// The rows in their order, without the updates of rows that stand before them among these: such a row
    /// has become what they make of it, its insert's columns first, and keeps the seq of its insert. Kinds
    /// and texts are valid until the next call, and as long as the rows given.
    [[nodiscard]] std::vector<SpooledRow> fold(std::span<const SpooledRow> rows);

  private:
    struct Layout;
    /// What an update does to a row: the columns that it has afterwards, and where the update's go.
    struct Step {
        const Layout* next = nullptr;
        std::vector<std::pair<std::size_t, std::size_t>> moves;  // column of the update, column of the row
    };
    struct Layout {
        RowKind kind;  // of an insert
        mutable std::map<const RowKind*, Step> after;
    };
    struct Inserted {
        std::size_t index = 0;           // in what fold() returns
        const Layout* layout = nullptr;  // none: nothing has been put into it
        std::vector<std::string_view> columns;
    };

    void set_key(const SpooledRow& row);
    void put(const SpooledRow& update, const RowKind& inserts, std::string_view line, Inserted& into);
    const Step& step(const Layout& from, const RowKind& update);

    Kinds kinds_;
    // The columns of a table's key in each kind of row; only of tables that are updated.
    std::map<const RowKind*, std::vector<std::size_t>> key_columns_;
    std::map<const RowKind*, const Layout*> layout_of_insert_;
    std::deque<Layout> layouts_;
    // Of the batch.
    std::string key_;
    std::unordered_map<std::string, Inserted> inserted_;
    std::deque<std::string> texts_;
};

}  // namespace trunkline::db
