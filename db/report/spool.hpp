// Rows on their way to PostgreSQL: append-only segment files in a folder that one process owns. The engine
// thread appends, one write a batch, before anything of that batch leaves the process (output commit); the
// report writer's thread waits for rows and releases what PostgreSQL has. health() and mark() may be asked
// from any thread. A full or failing disk is an Error of commit(); its rows are kept in memory and go with
// the next commit that works.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>

#include "db/report/spool_disk.hpp"
#include "db/report/spool_format.hpp"
#include "engine/base/error.hpp"
#include "engine/records/records.hpp"

namespace trunkline::db {

enum class Durability {
    process,  // safe when the process dies
    machine,  // safe when the machine dies: synced to disk before commit() returns
};

struct SpoolSettings {
    std::filesystem::path folder;
    std::uint64_t max_bytes = std::uint64_t{4096} << 20U;
    Durability durability = Durability::process;
    /// At most a quarter of max_bytes: the segment that is written stays when PostgreSQL has all of it.
    std::uint64_t segment_bytes = std::uint64_t{16} << 20U;
    std::shared_ptr<SpoolDisk> disk = std::make_shared<SpoolDisk>();
};

struct SpoolHealth {
    std::uint64_t bytes = 0, max_bytes = 0;
    std::uint64_t rows_waiting = 0;  // not yet in PostgreSQL
    std::uint64_t rows_lost = 0;     // dropped because neither disk nor memory had room
    std::string error;               // why the last commit failed, in words; empty where it did not
    /// New work has to be refused: the spool is bad or 90 % full.
    [[nodiscard]] bool is_bad() const { return !error.empty() || bytes * 10 >= max_bytes * 9; }
};

struct SpoolMark {
    SpoolPosition end;
    std::uint64_t rows = 0;  // before it, as far back as this object knows: written to PostgreSQL or not
};

class Spool {
  public:
    /// Makes the folder where needed and locks it, cuts a tail that a crash has torn, and begins a new
    /// segment.
    static Result<std::unique_ptr<Spool>> open(const SpoolSettings& settings);
    ~Spool();
    Spool(const Spool&) = delete;
    Spool& operator=(const Spool&) = delete;

    // Engine thread.
    /// Puts a row into the batch; touches no file.
    void add(const records::Record& record);
    /// Writes the batch. Where it returns a position, every row added so far is safe.
    Result<SpoolPosition> commit();
    Result<SpoolPosition> append(std::span<const records::Record> records);

    // Any thread.
    [[nodiscard]] SpoolMark mark() const;
    [[nodiscard]] SpoolHealth health() const;
    /// Rows before it were written by earlier runs of the server.
    [[nodiscard]] SpoolPosition start_of_run() const { return start_of_run_; }
    [[nodiscard]] const std::string& id() const { return id_; }
    [[nodiscard]] const std::filesystem::path& folder() const { return settings_.folder; }

    // Report writer's thread.
    /// Returns when mark().rows has come to `rows`, at the deadline, or after interrupt().
    void wait_for_rows(std::uint64_t rows, std::chrono::steady_clock::time_point deadline);
    /// Ends a wait, or the next one if none goes on. Any thread.
    void interrupt();
    /// PostgreSQL has everything before `position`, which are `rows` of mark().rows: segments of which it
    /// has all are removed, but for the one that is being written.
    void release(SpoolPosition position, std::uint64_t rows);

  private:
    explicit Spool(const SpoolSettings& settings);
    void lock_folder();
    void read_identity();
    void recover();
    void begin_segment(std::uint64_t number);
    void write_header();
    std::uint64_t recover_segment(const std::filesystem::path& path, bool is_last);
    void write_all(std::string_view bytes);
    void take_back(std::uint64_t size);
    void write_batch();
    void leave_full_segment();
    [[nodiscard]] std::string fullness(std::uint64_t bytes) const;

    SpoolSettings settings_;
    std::string id_, header_;
    int lock_ = -1, file_ = -1;
    std::uint64_t number_ = 0, size_ = 0;  // of the segment that is written; engine thread
    bool broken_ = false;                  // the segment's end is unknown: go on in a new one
    SpoolPosition start_of_run_;
    RowText text_;
    std::string batch_;
    std::uint64_t batch_rows_ = 0, lost_rows_ = 0;

    mutable std::mutex mutex_;  // guards all below
    std::condition_variable changed_;
    std::map<std::uint64_t, std::uint64_t> segments_;  // number to bytes
    std::uint64_t bytes_ = 0, rows_ = 0, rows_released_ = 0, rows_lost_ = 0;
    std::uint64_t waiting_for_ = UINT64_MAX;
    bool interrupted_ = false;
    SpoolPosition end_;
    std::string error_;
};

}  // namespace trunkline::db
