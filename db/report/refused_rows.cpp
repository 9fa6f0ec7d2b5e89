#include "db/report/refused_rows.hpp"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "db/report/copy_text.hpp"

namespace trunkline::db {

namespace {

constexpr std::uintmax_t largest_file = std::uintmax_t{64} << 20U;

std::string seq_of(const SpooledRow& row) {
    for (std::size_t i = 0; i < row.kind->columns.size(); ++i)
        if (row.kind->columns[i] == "seq") return std::string(column_of(row.row, i));
    return "?";
}

}  // namespace

void RefusedRows::put_aside(const SpooledRow& row, std::string_view sqlstate, std::string_view why) {
    ++count_;
    // `why` may quote the row: it goes into the file, never into the log.
    spdlog::error("reporting: PostgreSQL refused a row of {} (seq {}, SQLSTATE {}); it is put aside in {}",
                  row.kind->table, seq_of(row), sqlstate, path_.string());
    std::error_code none;
    if (const auto size = std::filesystem::file_size(path_, none); !none && size > largest_file) return;
    std::string text = "# " + row.kind->table + " (";
    for (const auto& column : row.kind->columns) text += (text.back() == '(' ? "" : ",") + column;
    text += ") " + std::string(sqlstate) + " ";
    append_copy_text(text, why);
    text += '\n';
    text += row.row;
    text += '\n';
    const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0 || ::write(file, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        spdlog::error("reporting: {} cannot be written; the row is lost", path_.string());
    if (file >= 0) {
        ::fdatasync(file);  // before the spool's position passes the row
        ::close(file);
    }
}

}  // namespace trunkline::db
