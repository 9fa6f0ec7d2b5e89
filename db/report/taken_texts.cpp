#include "db/report/taken_texts.hpp"

#include <algorithm>

#include "db/postgres/connection.hpp"
#include "db/report/copy_text.hpp"
#include "db/report/spool_reader.hpp"

namespace trunkline::db {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t rows_at_once = 1000;
// A file may be written to for a while after the text that it begins with.
constexpr auto slack = std::chrono::seconds(60);

std::string as_text(TimePoint at) {
    std::string text;
    RowText().value(text, at);
    return text;
}

/// The first segment that was written to since; the segments before hold nothing of interest.
std::uint64_t first_segment(const fs::path& folder, TimePoint since) {
    const auto age = std::chrono::system_clock::now() - since + slack;
    const auto oldest =
        fs::file_time_type::clock::now() - std::chrono::duration_cast<fs::file_time_type::duration>(age);
    std::uint64_t first = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
        const auto number = segment_number(entry.path().filename().string());
        if (number > 0 && (first == 0 || number < first) && entry.last_write_time() >= oldest) first = number;
    }
    return first;
}

struct Columns {
    const RowKind* of = nullptr;
    std::size_t transaction = SIZE_MAX, at = SIZE_MAX;
};

Columns columns_of(const RowKind& kind) {
    Columns found{&kind};
    if (kind.table != "message" || !kind.key.empty()) return found;
    for (std::size_t i = 0; i < kind.columns.size(); ++i) {
        if (kind.columns[i] == "transaction") found.transaction = i;
        if (kind.columns[i] == "at") found.at = i;
    }
    return found;
}

void read_spool(std::vector<std::string>& into, const Spool& spool, TimePoint since) {
    const auto first = first_segment(spool.folder(), since);
    if (first == 0) return;
    const std::string oldest = as_text(since);
    SpoolReader reader(spool.folder());
    reader.seek({first, 0});
    while (true) {
        const auto batch = reader.read(rows_at_once, spool.start_of_run());
        if (batch.rows.empty()) return;
        Columns columns;
        for (const auto& row : batch.rows) {
            if (row.kind != columns.of) columns = columns_of(*row.kind);
            if (columns.transaction == SIZE_MAX || columns.at == SIZE_MAX) continue;
            const auto transaction = column_of(row.row, columns.transaction);
            // Times of one format and zone: their texts are ordered as they are.
            if (transaction.starts_with('\\') || column_of(row.row, columns.at) < oldest) continue;
            into.emplace_back(transaction);
        }
    }
}

void read_database(std::vector<std::string>& into, const std::string& dsn, TimePoint since) {
    Connection connection(dsn);
    const auto rows = connection.run(
        "SELECT transaction FROM reporting.message WHERE at >= $1::timestamptz AND transaction IS NOT NULL",
        {as_text(since)});
    for (int row = 0; row < rows.size(); ++row) into.emplace_back(rows.at(row, 0));
}

}  // namespace

std::vector<std::string> read_taken_texts(const std::string& dsn, const Spool& spool, TimePoint since) {
    std::vector<std::string> found;
    read_spool(found, spool, since);
    read_database(found, dsn, since);
    return found;
}

}  // namespace trunkline::db
