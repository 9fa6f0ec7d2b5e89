// Writes batches of spooled rows over one connection, each in one transaction with the spool's position, so
// that a crash at any moment neither loses nor doubles a row. Used by the report writer's thread. Throws
// PostgresError when the server is away or its schema does not fit; a row that the server refuses is put
// aside and the rest goes on.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "db/postgres/connection.hpp"
#include "db/report/refused_rows.hpp"
#include "db/report/row_sql.hpp"
#include "db/report/spool_reader.hpp"
#include "db/report/update_folding.hpp"
#include "engine/messages/commands.hpp"

namespace trunkline::db {

class BatchWriter {
  public:
    BatchWriter(const std::string& dsn, std::string spool_id, std::uint32_t shard, RefusedRows& refused);

    /// How far this spool was written; none where PostgreSQL has never seen it.
    [[nodiscard]] std::optional<SpoolPosition> position();
    void write(const SpoolBatch& batch);
    /// Customers in pager mode of this shard who wrote within the last 15 minutes and whose rows are still
    /// open. Before close_cut_off_rows().
    [[nodiscard]] std::vector<messages::CutOffSession> cut_off_sessions();
    /// Closes the rows of this shard that a crash left open, as of its last record. Returns how many.
    std::int64_t close_cut_off_rows();
    /// Retention: drops what is older than so many months beside the current one, now and then; 0 keeps all.
    void drop_old_months(int keep);
    /// A run loads its own scripts: what the last run of this shard had in force is not any more.
    void supersede_generations();

  private:
    using Rows = std::span<const SpooledRow>;
    struct Kind {
        RowSql sql;
        std::size_t time_index = SIZE_MAX;  // of the partition's column, where the row has it
        std::vector<std::size_t> times;     // columns that hold a time
        bool always_merge = false;
        bool has_staging = false;
    };
    struct Lines;

    Kind& kind_of(const RowKind& kind);
    void ensure_months(Rows rows);
    void write_range(Rows rows, SpoolPosition end);
    void write_once(Rows rows, SpoolPosition end, bool merge);
    void write_lines(Kind& kind, const Lines& lines);
    void update_rows(const Kind& kind, const std::vector<const SpooledRow*>& rows);
    void move_position(SpoolPosition end, std::string_view last_at);

    Connection connection_;
    std::string spool_id_;
    std::uint32_t shard_;
    RefusedRows& refused_;
    std::map<std::string, std::string, std::less<>> time_column_of_table_;
    std::map<std::string, std::string, std::less<>> type_of_column_;  // by table.column
    std::map<std::string, Kind> kinds_;
    std::map<const RowKind*, Kind*> kinds_by_address_;  // of the segment that is being read
    std::shared_ptr<const std::vector<RowKind>> segment_kinds_;
    std::optional<UpdateFolding> folding_;
    std::set<std::string> months_;
    std::chrono::steady_clock::time_point next_drop_;
};

}  // namespace trunkline::db
