// Rows that PostgreSQL would not take, kept beside the spool so that they block nobody and are not lost: one
// line of what and why, then the row as COPY text. Written by the report writer's thread. The file holds
// customers' texts, so only its owner can read it; the log names the row by table and seq.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "db/report/spool_reader.hpp"

namespace trunkline::db {

class RefusedRows {
  public:
    explicit RefusedRows(const std::filesystem::path& spool_folder) : path_(spool_folder / "refused.rows") {}
    /// Puts the row aside and says so in the log. Beyond 64 MiB it only says so.
    void put_aside(const SpooledRow& row, std::string_view sqlstate, std::string_view why);
    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
    std::uint64_t count_ = 0;
};

}  // namespace trunkline::db
