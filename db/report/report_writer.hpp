// Brings spooled rows to PostgreSQL: a thread and a connection of its own, batches by number or age, and
// patience while the server is away (the spool grows, the log says so once, health and metrics go on
// telling). Closes at start what a crash of the last run left open. All functions may be called from any
// thread; none throws for PostgreSQL.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "db/report/spool.hpp"
#include "engine/messages/commands.hpp"

namespace trunkline::db {

class BatchWriter;
class RefusedRows;
class SpoolReader;

struct ReportWriterSettings {
    std::string dsn;
    std::uint32_t shard = 1;
    std::size_t batch = 1000;                   // rows that make a batch
    std::chrono::milliseconds flush_time{200};  // the age at which fewer do
    /// Told once, on the writer's thread, what a crash of the last run cut off (maybe nothing), when all of
    /// that run's rows are in PostgreSQL.
    std::function<void(std::vector<messages::CutOffSession>)> on_cut_off;
    int keep_months = 0;  // of history beside the current one; 0: all
};

struct ReportWriterMetrics {
    std::uint64_t rows_written = 0, rows_refused = 0, batches = 0, failures = 0;
    std::uint64_t rows_waiting = 0;
    bool connected = false;
    std::string error;  // why nothing is written at the moment; empty where all is well
};

class ReportWriter {
  public:
    /// Starts the thread. The spool must outlive this object.
    ReportWriter(ReportWriterSettings settings, Spool& spool);
    /// Writes what is in the spool if PostgreSQL is there; what it cannot write waits in the spool for the
    /// next start.
    ~ReportWriter();
    ReportWriter(const ReportWriter&) = delete;
    ReportWriter& operator=(const ReportWriter&) = delete;

    /// Calls `done(true)` on the writer's thread when everything that is in the spool now is in PostgreSQL,
    /// or `done(false)` when the writer ends before.
    void flush(std::function<void(bool)> done);
    /// flush(), and waits for it. False when `timeout` passed or the writer ended before.
    bool flush_and_wait(std::chrono::milliseconds timeout);
    [[nodiscard]] ReportWriterMetrics metrics() const;

  private:
    struct Waiter {
        SpoolPosition until;
        std::function<void(bool)> done;
    };
    void run();
    void write_until_lost();
    void go_to_position(BatchWriter& batches, SpoolReader& reader);
    void close_what_was_cut_off(BatchWriter& batches);
    void write_up_to(SpoolPosition limit, BatchWriter& batches, SpoolReader& reader);
    void wait_for_a_batch();
    void back_off(std::chrono::milliseconds pause);
    void answer_waiters(SpoolPosition written, bool ending);
    void set_error(const std::string& error);
    [[nodiscard]] bool in_haste() const;

    ReportWriterSettings settings_;
    Spool& spool_;
    std::unique_ptr<RefusedRows> refused_;
    bool cut_off_rows_closed_ = false;  // writer's thread
    std::uint64_t rows_passed_ =
        0;  // writer's thread: of the rows of Spool::mark(), those that are in PostgreSQL
    std::chrono::milliseconds pause_{0};  // writer's thread
    std::atomic<bool> stopping_{false};
    mutable std::mutex mutex_;  // guards all below
    std::condition_variable stopped_;
    std::vector<Waiter> waiters_;
    ReportWriterMetrics metrics_;
    std::thread thread_;  // last: it uses all above
};

}  // namespace trunkline::db
