// Reads a spool's rows in their order, as the report writer's thread wants them: in batches, from any
// position on. Does not change the files. A damaged place ends its segment: the reader says so in the log and
// goes on in the next.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "db/report/spool_format.hpp"

namespace trunkline::db {

struct SpooledRow {
    const RowKind* kind = nullptr;
    std::string_view row;  // COPY text, no line end
    SpoolPosition end;
};

/// Rows of one segment. Moves, so that the rows' texts stay where they are.
struct SpoolBatch {
    std::shared_ptr<const std::vector<RowKind>> kinds;
    std::unique_ptr<std::string> bytes;
    std::vector<SpooledRow> rows;
    SpoolPosition end;
};

class SpoolReader {
  public:
    explicit SpoolReader(std::filesystem::path folder) : folder_(std::move(folder)) {}
    /// Goes to a position that a batch's end gave. Returns how many rows of its segment lie before it.
    std::uint64_t seek(SpoolPosition position);
    /// Up to `most_rows` rows that lie before `limit`; none when all have been read.
    SpoolBatch read(std::size_t most_rows, SpoolPosition limit);
    [[nodiscard]] SpoolPosition position() const { return position_; }

  private:
    bool enter(std::uint64_t at_least, std::uint64_t at_most);
    void read_rows(SpoolBatch& batch, std::size_t most_rows, std::uint64_t file_end);

    std::filesystem::path folder_;
    SpoolPosition position_;
    std::uint64_t open_segment_ = 0;  // whose header is in kinds_
    std::shared_ptr<const std::vector<RowKind>> kinds_;
};

}  // namespace trunkline::db
