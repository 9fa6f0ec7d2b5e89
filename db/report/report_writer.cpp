#include "db/report/report_writer.hpp"

#include <spdlog/spdlog.h>

#include <future>

#include "db/report/batch_writer.hpp"
#include "db/report/refused_rows.hpp"
#include "db/report/spool_reader.hpp"

namespace trunkline::db {

namespace {

using namespace std::chrono_literals;
constexpr auto first_pause = 100ms;
constexpr auto longest_pause = 5000ms;
constexpr auto idle_wait = std::chrono::hours(1);  // rows, flushes and the end interrupt it

}  // namespace

ReportWriter::ReportWriter(ReportWriterSettings settings, Spool& spool)
    : settings_(std::move(settings)), spool_(spool), refused_(std::make_unique<RefusedRows>(spool.folder())) {
    thread_ = std::thread([this] { run(); });
}

ReportWriter::~ReportWriter() {
    stopping_ = true;
    {
        const std::lock_guard guard(mutex_);  // so that the wait for the next attempt sees it
    }
    stopped_.notify_all();
    spool_.interrupt();
    thread_.join();
}

void ReportWriter::run() {
    while (true) {
        try {
            write_until_lost();
            break;  // it was told to end, and has written all
        } catch (const std::exception& error) {
            set_error(error.what());
            if (stopping_) break;
            answer_waiters({}, false);  // who waits for nothing need not wait for PostgreSQL
            pause_ = std::min(longest_pause, std::max(first_pause, pause_ * 2));
            back_off(pause_);
        }
    }
    answer_waiters({}, true);
}

void ReportWriter::write_until_lost() {
    BatchWriter batches(settings_.dsn, spool_.id(), settings_.shard, *refused_);
    SpoolReader reader(spool_.folder());
    go_to_position(batches, reader);
    if (!cut_off_rows_closed_) {
        write_up_to(spool_.start_of_run(), batches, reader);
        // Before any row of this run: what the last run filled may leave it no room.
        spool_.release(reader.position(), rows_passed_);
        batches.supersede_generations();
        close_what_was_cut_off(batches);
        cut_off_rows_closed_ = true;
    }
    set_error("");
    pause_ = 0ms;
    while (true) {
        answer_waiters(reader.position(), false);
        wait_for_a_batch();
        batches.drop_old_months(settings_.keep_months);
        const auto mark = spool_.mark();
        write_up_to(mark.end, batches, reader);
        if (reader.position() < mark.end) reader.seek(mark.end);  // what is left before the end is damaged
        rows_passed_ = mark.rows;
        spool_.release(reader.position(), rows_passed_);
        if (stopping_ && reader.position() >= spool_.mark().end) return;
    }
}

void ReportWriter::go_to_position(BatchWriter& batches, SpoolReader& reader) {
    auto position = batches.position();
    const auto end = spool_.mark().end;
    if (position && position->segment > end.segment) {
        spdlog::error(
            "reporting: PostgreSQL has rows of segment {} of this spool, which ends with segment {}: the "
            "spool's "
            "files were exchanged. All its rows are written",
            position->segment, end.segment);
        position.reset();
    }
    const auto in_segment = reader.seek(position.value_or(SpoolPosition{1, 0}));
    rows_passed_ = std::max(rows_passed_, in_segment);
    spool_.release(reader.position(), rows_passed_);
}

void ReportWriter::close_what_was_cut_off(BatchWriter& batches) {
    auto sessions = batches.cut_off_sessions();
    const auto closed = batches.close_cut_off_rows();
    if (closed > 0)
        spdlog::warn(
            "reporting: the last run ended without closing {} rows (interactions, parties, stays, log-ins); "
            "they are closed as of its last record",
            closed);
    if (settings_.on_cut_off) settings_.on_cut_off(std::move(sessions));
}

void ReportWriter::write_up_to(SpoolPosition limit, BatchWriter& batches, SpoolReader& reader) {
    while (reader.position() < limit) {
        const auto batch = reader.read(settings_.batch, limit);
        if (batch.rows.empty()) return;
        batches.write(batch);
        rows_passed_ += batch.rows.size();
        spool_.release(batch.end, rows_passed_);
        {
            const std::lock_guard guard(mutex_);
            metrics_.rows_written += batch.rows.size();
            metrics_.rows_refused = refused_->count();
            ++metrics_.batches;
        }
        answer_waiters(batch.end, false);
    }
}

// The first row starts the clock; the batch is due when it is full, old enough, or somebody waits for it.
void ReportWriter::wait_for_a_batch() {
    const auto now = std::chrono::steady_clock::now;
    while (!in_haste() && spool_.mark().rows <= rows_passed_)
        spool_.wait_for_rows(rows_passed_ + 1, now() + idle_wait);
    const auto due = now() + settings_.flush_time;
    while (!in_haste() && spool_.mark().rows < rows_passed_ + settings_.batch && now() < due)
        spool_.wait_for_rows(rows_passed_ + settings_.batch, due);
}

bool ReportWriter::in_haste() const {
    if (stopping_) return true;
    const std::lock_guard guard(mutex_);
    return !waiters_.empty();
}

void ReportWriter::back_off(std::chrono::milliseconds pause) {
    std::unique_lock guard(mutex_);
    stopped_.wait_for(guard, pause, [&] { return stopping_.load(); });
}

void ReportWriter::set_error(const std::string& error) {
    const std::lock_guard guard(mutex_);
    metrics_.connected = error.empty();
    if (!error.empty()) ++metrics_.failures;
    if (error.empty() && !metrics_.error.empty())
        spdlog::info("reporting: PostgreSQL is back; writing what waited");
    if (!error.empty() && metrics_.error.empty())
        spdlog::error("reporting: {}. Rows wait in {} and follow when it is back", error,
                      spool_.folder().string());
    metrics_.error = error;
}

void ReportWriter::flush(std::function<void(bool)> done) {
    {
        const std::lock_guard guard(mutex_);
        waiters_.push_back({spool_.mark().end, std::move(done)});
    }
    spool_.interrupt();
}

bool ReportWriter::flush_and_wait(std::chrono::milliseconds timeout) {
    auto promise = std::make_shared<std::promise<bool>>();
    auto done = promise->get_future();
    flush([promise](bool written) { promise->set_value(written); });
    return done.wait_for(timeout) == std::future_status::ready && done.get();
}

void ReportWriter::answer_waiters(SpoolPosition written, bool ending) {
    std::vector<Waiter> ready;
    {
        const std::lock_guard guard(mutex_);
        std::erase_if(waiters_, [&](Waiter& waiter) {
            // An end without rows behind it (a fresh segment) counts as written when all before it is.
            const bool is_ready = ending || waiter.until <= written || spool_.health().rows_waiting == 0;
            if (is_ready) ready.push_back(std::move(waiter));
            return is_ready;
        });
    }
    for (auto& waiter : ready) waiter.done(!ending);
}

ReportWriterMetrics ReportWriter::metrics() const {
    const std::lock_guard guard(mutex_);
    auto metrics = metrics_;
    metrics.rows_waiting = spool_.health().rows_waiting;
    return metrics;
}

}  // namespace trunkline::db
