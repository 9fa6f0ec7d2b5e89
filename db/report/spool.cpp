#include "db/report/spool.hpp"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <random>
#include <system_error>

namespace trunkline::db {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_in_memory = std::size_t{64} << 20U;  // of rows that no commit could write yet

[[noreturn]] void throw_errno(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

std::string read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string new_identity() {
    std::random_device dice;
    const auto word = [&] { return (std::uint64_t{dice()} << 32U) | dice(); };
    // UUID version 4 (RFC 9562 5.4).
    return to_uuid_text({(word() & ~0xf000ULL) | 0x4000ULL, (word() & ~(3ULL << 62U)) | (2ULL << 62U)});
}

void sync_folder(const fs::path& folder) {
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    ::fsync(fd);
    ::close(fd);
}

}  // namespace

Spool::Spool(const SpoolSettings& settings) : settings_(settings) {
    settings_.segment_bytes = std::min(settings_.segment_bytes, settings_.max_bytes / 4);
}

Result<std::unique_ptr<Spool>> Spool::open(const SpoolSettings& settings) {
    try {
        std::unique_ptr<Spool> spool(new Spool(settings));
        fs::create_directories(settings.folder);
        fs::permissions(settings.folder, fs::perms::owner_all);  // it holds customers' texts
        spool->lock_folder();
        spool->read_identity();
        spool->header_ = make_header({spool->id_, row_kinds()});
        spool->recover();
        return spool;
    } catch (const std::exception& error) {
        return Error{ErrorCode::internal, "the spool in " + settings.folder.string() +
                                              " cannot be used: " + error.what() +
                                              ". Check reporting.spool, its rights and the disk"};
    }
}

Spool::~Spool() {
    if (file_ >= 0) ::close(file_);
    if (lock_ >= 0) ::close(lock_);
}

void Spool::lock_folder() {
    lock_ = ::open((settings_.folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock_ < 0) throw_errno("lock");
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            throw std::runtime_error("another process has it open (is a server running?)");
        throw_errno("lock");
    }
}

void Spool::read_identity() {
    const fs::path path = settings_.folder / "id";
    id_ = read_file(path);
    if (parse_call_uuid(id_)) return;
    id_ = new_identity();
    const fs::path draft = settings_.folder / "id.new";
    std::ofstream(draft, std::ios::binary) << id_;
    fs::rename(draft, path);
}

void Spool::recover() {
    std::map<std::uint64_t, fs::path> found;
    for (const auto& entry : fs::directory_iterator(settings_.folder))
        if (const auto number = segment_number(entry.path().filename().string()); number > 0)
            found.emplace(number, entry.path());
    for (const auto& [number, path] : found) {
        rows_ += recover_segment(path, number == found.rbegin()->first);
        segments_[number] = fs::file_size(path);
        bytes_ += segments_[number];
    }
    begin_segment(found.empty() ? 1 : found.rbegin()->first + 1);
    start_of_run_ = {number_, 0};
}

// Returns how many whole rows the segment has.
std::uint64_t Spool::recover_segment(const fs::path& path, bool is_last) {
    const std::string bytes = read_file(path);
    std::string_view rest = bytes;
    std::uint64_t rows = 0;
    while (const auto frame = first_frame(rest)) {
        rest.remove_prefix(frame->size);
        if (frame->kind != header_kind) ++rows;
    }
    if (rest.empty()) return rows;
    if (is_last) {
        spdlog::warn(
            "spool: cut {} bytes of a batch that a crash left half written in {}; nothing of it had been "
            "acknowledged",
            rest.size(), path.string());
        fs::resize_file(path, bytes.size() - rest.size());
    } else {
        spdlog::error("spool: {} is damaged {} bytes before its end; rows behind that place cannot be read",
                      path.string(), rest.size());
    }
    return rows;
}

void Spool::begin_segment(std::uint64_t number) {
    const fs::path path = settings_.folder / segment_name(number);
    const int file = settings_.disk->make(path.c_str());
    if (file < 0) throw_errno("cannot make " + path.string());
    if (file_ >= 0) ::close(file_);
    file_ = file;
    number_ = number;
    size_ = 0;
    broken_ = false;
    {
        const std::lock_guard guard(mutex_);
        segments_[number] = 0;
    }
    write_header();
}

void Spool::write_header() {
    write_all(header_);
    if (settings_.durability == Durability::machine) sync_folder(settings_.folder);
    const std::lock_guard guard(mutex_);
    segments_[number_] = size_;
    bytes_ += size_;
    end_ = {number_, size_};
}

void Spool::write_all(std::string_view bytes) {
    const std::uint64_t before = size_;
    while (!bytes.empty()) {
        const ssize_t written = settings_.disk->write(file_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) {
            const int why = written == 0 ? ENOSPC : errno;
            take_back(before);
            throw std::system_error(why, std::generic_category(), "write");
        }
        size_ += static_cast<std::uint64_t>(written);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (settings_.durability == Durability::machine && settings_.disk->sync(file_) != 0) {
        const int why = errno;
        take_back(before);
        broken_ = true;  // after a failed sync nobody knows what the disk has: go on in another file
        throw std::system_error(why, std::generic_category(), "sync");
    }
}

/// Of a batch that failed nothing stays, or the next attempt would write its rows a second time.
void Spool::take_back(std::uint64_t size) {
    broken_ = settings_.disk->cut(file_, static_cast<off_t>(size)) != 0;
    size_ = size;
}

void Spool::add(const records::Record& record) {
    if (batch_.size() > most_in_memory) {
        ++lost_rows_;
        return;
    }
    const auto begun = begin_frame(batch_, static_cast<std::uint16_t>(record.index()));
    text_.append(batch_, record);
    if (batch_.size() - begun > longest_row) {
        batch_.resize(begun);
        ++lost_rows_;
        return;
    }
    end_frame(batch_, begun);
    ++batch_rows_;
}

void Spool::write_batch() {
    if (broken_ || size_ >= settings_.segment_bytes)
        begin_segment(number_ + 1);
    else if (size_ == 0)
        write_header();  // the disk was full when the segment was begun
    write_all(batch_);
}

Result<SpoolPosition> Spool::commit() {
    if (batch_.empty() && lost_rows_ == 0) return SpoolPosition{number_, size_};
    std::string error;
    const std::uint64_t before = [&] {
        const std::lock_guard guard(mutex_);
        return bytes_;
    }();
    if (before + batch_.size() + header_.size() > settings_.max_bytes) {  // it may begin a segment
        error = fullness(before);
    } else {
        try {
            write_batch();
        } catch (const std::exception& failure) {
            error = "the spool in " + settings_.folder.string() + " cannot be written: " + failure.what() +
                    ". Free or repair its disk";
        }
    }
    SpoolPosition end;
    {
        const std::lock_guard guard(mutex_);
        rows_lost_ += std::exchange(lost_rows_, 0);
        error_ = error;
        if (!error.empty()) return Error{ErrorCode::internal, error};
        bytes_ += batch_.size();
        segments_[number_] = size_;
        rows_ += batch_rows_;
        end = end_ = {number_, size_};
        batch_.clear();
        batch_rows_ = 0;
        if (rows_ >= waiting_for_) {
            waiting_for_ = UINT64_MAX;
            changed_.notify_one();
        }
    }
    leave_full_segment();
    return end;
}

/// Behind the batch that filled it, not before the next one: so it goes when PostgreSQL has all of it, and a
/// spool that one large batch filled refuses nothing for ever.
void Spool::leave_full_segment() {
    if (size_ < settings_.segment_bytes) return;
    try {
        begin_segment(number_ + 1);
    } catch (const std::exception&) {  // the next batch tries again and tells
    }
}

std::string Spool::fullness(std::uint64_t bytes) const {
    const auto waiting = health().rows_waiting;
    return "the spool in " + settings_.folder.string() + " is full: " + std::to_string(bytes) + " of " +
           std::to_string(settings_.max_bytes) + " bytes (reporting.spool_max_mib), " +
           (waiting == 0
                ? "though PostgreSQL has all rows of it; where it gets no room in a moment, raise the limit"
                : std::to_string(waiting) +
                      " rows wait for PostgreSQL; look whether it is there (trunkctl status), or "
                      "raise the limit");
}

Result<SpoolPosition> Spool::append(std::span<const records::Record> records) {
    for (const auto& record : records) add(record);
    return commit();
}

SpoolMark Spool::mark() const {
    const std::lock_guard guard(mutex_);
    return {end_, rows_};
}

SpoolHealth Spool::health() const {
    const std::lock_guard guard(mutex_);
    return {bytes_, settings_.max_bytes, rows_ - rows_released_, rows_lost_, error_};
}

void Spool::wait_for_rows(std::uint64_t rows, std::chrono::steady_clock::time_point deadline) {
    std::unique_lock guard(mutex_);
    waiting_for_ = rows;
    changed_.wait_until(guard, deadline, [&] { return rows_ >= rows || interrupted_; });
    waiting_for_ = UINT64_MAX;
    interrupted_ = false;
}

void Spool::interrupt() {
    const std::lock_guard guard(mutex_);
    interrupted_ = true;
    changed_.notify_one();
}

void Spool::release(SpoolPosition position, std::uint64_t rows) {
    std::vector<std::uint64_t> old;
    {
        const std::lock_guard guard(mutex_);
        rows_released_ = std::min(rows_, rows);
        const auto is_taken = [&](const auto& segment) {
            return segment.first < position.segment ||
                   (segment.first == position.segment && segment.second <= position.offset);
        };
        // The last one is being written.
        while (segments_.size() > 1 && is_taken(*segments_.begin())) {
            old.push_back(segments_.begin()->first);
            bytes_ -= segments_.begin()->second;
            segments_.erase(segments_.begin());
        }
    }
    std::error_code ignored;  // a file that stays is found and released again after the next start
    for (const auto number : old) fs::remove(settings_.folder / segment_name(number), ignored);
}

}  // namespace trunkline::db
