#include "db/report/batch_writer.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "db/report/copy_text.hpp"

namespace trunkline::db {

namespace {

// 22 data exception, 23 integrity constraint, 54 program limit (an index row too long): about a row, not the
// server.
bool is_about_the_data(const PostgresError& error) {
    const auto group = error.sqlstate().substr(0, 2);
    return group == "22" || group == "23" || group == "54";
}

// Beyond it the server is as good as away: what it was asked is asked again over another connection.
constexpr std::chrono::seconds answer_limit{15};
// What a crash left open may be many rows.
constexpr std::chrono::minutes closing_limit{10};

constexpr std::chrono::hours between_drops{1};

bool is_time(std::string_view column) { return column == "at" || column.ends_with("_at"); }

std::string next_month(const std::string& month) {
    int year = std::stoi(month.substr(0, 4));
    int number = std::stoi(month.substr(5, 2)) + 1;
    if (number == 13) {
        number = 1;
        ++year;
    }
    return std::to_string(year) + (number < 10 ? "-0" : "-") + std::to_string(number);
}

}  // namespace

// One kind's inserts of a batch.
struct BatchWriter::Lines {
    std::string direct, staged;
};

BatchWriter::BatchWriter(const std::string& dsn, std::string spool_id, std::uint32_t shard,
                         RefusedRows& refused)
    : connection_(dsn, answer_limit), spool_id_(std::move(spool_id)), shard_(shard), refused_(refused) {
    // The statements here are short; compiling them would take longer than running them.
    connection_.run("SET client_min_messages = warning; SET jit = off");
    const auto rows = connection_.run(
        "SELECT c.relname, a.attname FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid "
        "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0] "
        "WHERE c.relnamespace = 'reporting'::regnamespace");
    for (int row = 0; row < rows.size(); ++row)
        time_column_of_table_.emplace(rows.at(row, 0), rows.at(row, 1));
    const auto types = connection_.run(
        "SELECT c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_class c "
        "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
        "WHERE c.relnamespace = 'reporting'::regnamespace AND c.relkind IN ('r', 'p')");
    for (int row = 0; row < types.size(); ++row) type_of_column_.emplace(types.at(row, 0), types.at(row, 1));
}

std::optional<SpoolPosition> BatchWriter::position() {
    const auto rows = connection_.run(
        "SELECT segment, byte_offset FROM reporting.spool_position WHERE spool = $1::uuid", {spool_id_});
    if (rows.size() == 0) return std::nullopt;
    return SpoolPosition{std::stoull(std::string(rows.at(0, 0))), std::stoull(std::string(rows.at(0, 1)))};
}

BatchWriter::Kind& BatchWriter::kind_of(const RowKind& kind) {
    if (const auto known = kinds_by_address_.find(&kind); known != kinds_by_address_.end())
        return *known->second;
    std::string name = kind.table;
    for (const auto& column : kind.key) name += "/" + column;
    for (const auto& column : kind.columns) name += "," + column;
    auto [place, is_new] = kinds_.try_emplace(name);
    Kind& made = place->second;
    if (is_new) {
        made.sql =
            make_row_sql(kind, "staged_" + std::to_string(kinds_.size()), [&](const std::string& column) {
                const auto type = type_of_column_.find(kind.table + "." + column);
                return type == type_of_column_.end() ? "text" : type->second;
            });
        made.always_merge = kind.table == "script_source";  // told again at each start
        const auto time = time_column_of_table_.find(kind.table);
        for (std::size_t i = 0; i < kind.columns.size(); ++i) {
            if (is_time(kind.columns[i])) made.times.push_back(i);
            if (time != time_column_of_table_.end() && kind.columns[i] == time->second) made.time_index = i;
        }
    }
    kinds_by_address_.emplace(&kind, &made);
    return made;
}

void BatchWriter::write(const SpoolBatch& batch) {
    if (segment_kinds_ != batch.kinds) {
        segment_kinds_ = batch.kinds;
        kinds_by_address_.clear();
        folding_.emplace(segment_kinds_);
    }
    ensure_months(batch.rows);
    write_range(batch.rows, batch.end);
}

void BatchWriter::ensure_months(Rows rows) {
    for (const auto& row : rows) {
        const Kind& kind = kind_of(*row.kind);
        if (!row.kind->key.empty() || kind.time_index == SIZE_MAX) continue;
        const std::string month(column_of(row.row, kind.time_index).substr(0, 7));
        if (month.size() != 7 || !months_.insert(month).second) continue;
        for (const auto& each : {month, next_month(month)}) {
            try {
                connection_.run("SELECT reporting.ensure_month($1::date)", {each + "-01"});
            } catch (const PostgresError& error) {
                if (error.connection_is_lost()) throw;
                spdlog::warn("reporting: no partitions for {}: {}; its rows go to the default partitions",
                             each, error.what());
            }
        }
    }
}

void BatchWriter::drop_old_months(int keep) {
    const auto now = std::chrono::steady_clock::now();
    if (keep <= 0 || now < next_drop_) return;
    next_drop_ = now + between_drops;
    try {
        Transaction transaction(connection_);
        // A table that somebody reads just now goes another time; the rows that wait do not wait for him.
        connection_.run("SET LOCAL lock_timeout = '2s'");
        const auto rows = connection_.run(
            "SELECT reporting.drop_months_before((now() - make_interval(months => $1::integer))::date)",
            {std::to_string(keep)});
        transaction.commit();
        if (rows.at(0, 0) != "0")
            spdlog::info("reporting: {} monthly partitions were older than {} months and are dropped",
                         rows.at(0, 0), keep);
    } catch (const PostgresError& error) {
        // 55P03: the lock was not to be had.
        if (error.connection_is_lost() && error.sqlstate() != "55P03") throw;
        spdlog::warn(
            "reporting: what is older than {} months could not be dropped: {}; tried again in an hour", keep,
            error.what());
    }
}

void BatchWriter::write_range(Rows rows, SpoolPosition end) {
    try {
        try {
            write_once(rows, end, false);
        } catch (const PostgresError& error) {
            if (error.sqlstate() != "23505") throw;
            write_once(rows, end, true);  // some rows are there already: leave them as they are
        }
    } catch (const PostgresError& error) {
        if (!is_about_the_data(error)) throw;
        if (rows.size() <= 1) {
            for (const auto& row : rows) refused_.put_aside(row, error.sqlstate(), error.what());
            write_once({}, end, false);
            return;
        }
        const std::size_t half = rows.size() / 2;
        write_range(rows.first(half), rows[half - 1].end);
        write_range(rows.subspan(half), end);
    }
}

// Where rows are there already, an insert leaves them alone: their updates then stay updates.
void BatchWriter::write_once(Rows rows, SpoolPosition end, bool merge) {
    std::vector<SpooledRow> folded;
    if (!merge && !rows.empty()) {
        folded = folding_->fold(rows);
        rows = folded;
    }
    std::map<Kind*, Lines> inserts;
    std::map<Kind*, std::vector<const SpooledRow*>> updates;
    std::string_view last_at;
    for (std::size_t rank = 0; rank < rows.size(); ++rank) {
        const auto& row = rows[rank];
        Kind& kind = kind_of(*row.kind);
        if (row.kind->key.empty()) {
            Lines& lines = inserts[&kind];
            std::string& text = merge || kind.always_merge ? lines.staged : lines.direct;
            if (&text == &lines.staged) text.append(std::to_string(rank)).append(1, '\t');
            text.append(row.row).append(1, '\n');
        } else {
            updates[&kind].push_back(&row);
        }
        for (const auto index : kind.times) {
            const auto at = column_of(row.row, index);
            if (!at.starts_with('\\')) last_at = std::max(last_at, at);
        }
    }
    Transaction transaction(connection_);
    for (const auto& [kind, lines] : inserts) write_lines(*kind, lines);
    for (const auto& [kind, rows_of_kind] : updates) update_rows(*kind, rows_of_kind);
    move_position(end, last_at);
    transaction.commit();
    for (const auto& [kind, lines] : inserts) kind->has_staging |= !lines.staged.empty();
}

void BatchWriter::update_rows(const Kind& kind, const std::vector<const SpooledRow*>& rows) {
    std::vector<Parameter> arrays(rows.front()->kind->columns.size(), Parameter("{"));
    for (const auto* row : rows) {
        std::string_view line = row->row;
        for (auto& array : arrays) {
            if (array->size() > 1) *array += ',';
            append_array_element(*array, column_of(line, 0));
            line.remove_prefix(std::min(line.size(), line.find('\t') + 1));
        }
    }
    for (auto& array : arrays) *array += '}';
    connection_.run(kind.sql.update, arrays);
}

void BatchWriter::write_lines(Kind& kind, const Lines& lines) {
    if (!lines.direct.empty()) connection_.copy(kind.sql.copy, lines.direct);
    if (lines.staged.empty()) return;
    if (!kind.has_staging) connection_.run(kind.sql.make_staging);
    connection_.copy(kind.sql.copy_staged, lines.staged);
    connection_.run(kind.sql.merge);
}

void BatchWriter::move_position(SpoolPosition end, std::string_view last_at) {
    connection_.run(
        "INSERT INTO reporting.spool_position AS p (spool, shard, segment, byte_offset, last_at) "
        "VALUES ($1::uuid, $2::integer, $3::bigint, $4::bigint, $5::timestamptz) ON CONFLICT (spool) DO "
        "UPDATE SET "
        "shard = excluded.shard, segment = excluded.segment, byte_offset = excluded.byte_offset, "
        "last_at = greatest(p.last_at, excluded.last_at), updated_at = now()",
        {spool_id_, std::to_string(shard_), std::to_string(end.segment), std::to_string(end.offset),
         last_at.empty() ? Parameter() : Parameter(last_at)});
}

std::vector<messages::CutOffSession> BatchWriter::cut_off_sessions() {
    connection_.answer_within(closing_limit);
    // As many as the engine remembers closed sessions.
    const auto rows = connection_.run(
        "SELECT i.id, i.leg, i.leg_route, i.dnis, i.leg_host, i.customer FROM reporting.interaction i "
        "WHERE i.ended_at IS NULL AND i.leg IS NOT NULL AND "
        "i.seq BETWEEN $1::bigint << 53 AND ($1::bigint << 53) + ((1::bigint << 53) - 1) AND "
        "EXISTS (SELECT FROM reporting.message m WHERE m.interaction_id = i.id AND m.direction = 'in' AND "
        "m.at > now() - interval '15 minutes') ORDER BY i.started_at LIMIT 100000",
        {std::to_string(shard_)});
    std::vector<messages::CutOffSession> sessions;
    for (int row = 0; row < rows.size(); ++row) {
        const auto text = [&](int column) { return std::string(rows.at(row, column)); };
        sessions.push_back({parse_call_uuid(rows.at(row, 0)),
                            {messages::LegKind::pager, text(1), text(2)},
                            text(3),
                            text(4),
                            text(5)});
    }
    return sessions;
}

std::int64_t BatchWriter::close_cut_off_rows() {
    const auto rows = connection_.run(
        "SELECT reporting.close_cut_off($1::integer, (SELECT max(last_at) FROM reporting.spool_position "
        "WHERE shard = $1::integer))",
        {std::to_string(shard_)});
    connection_.answer_within(answer_limit);
    return std::stoll(std::string(rows.at(0, 0)));
}

void BatchWriter::supersede_generations() {
    connection_.run(
        "UPDATE reporting.script_generation SET outcome = 'superseded' WHERE outcome = 'loaded' AND "
        "seq BETWEEN $1::bigint << 53 AND ($1::bigint << 53) + ((1::bigint << 53) - 1)",
        {std::to_string(shard_)});
}

}  // namespace trunkline::db
