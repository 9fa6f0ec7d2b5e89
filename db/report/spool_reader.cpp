#include "db/report/spool_reader.hpp"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

namespace trunkline::db {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t chunk = std::size_t{1} << 20U;

std::string read_part(const fs::path& path, std::uint64_t offset, std::size_t length) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) throw std::system_error(errno, std::generic_category(), path.string());
    std::string bytes(length, '\0');
    std::size_t filled = 0;
    while (filled < length) {
        const ssize_t got =
            ::pread(file, bytes.data() + filled, length - filled, static_cast<off_t>(offset + filled));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        filled += static_cast<std::size_t>(got);
    }
    ::close(file);
    bytes.resize(filled);
    return bytes;
}

}  // namespace

// Enters the first readable segment with a number in [at_least, at_most]: reads its header, stands behind it.
bool SpoolReader::enter(std::uint64_t at_least, std::uint64_t at_most) {
    std::vector<std::uint64_t> numbers;
    for (const auto& entry : fs::directory_iterator(folder_))
        if (const auto number = segment_number(entry.path().filename().string());
            number > 0 && number >= at_least && number <= at_most)
            numbers.push_back(number);
    std::sort(numbers.begin(), numbers.end());
    for (const auto number : numbers) {
        const fs::path path = folder_ / segment_name(number);
        const std::string bytes = read_part(path, 0, chunk);
        const auto frame = first_frame(bytes);
        auto header = frame && frame->kind == header_kind ? parse_header(frame->row) : std::nullopt;
        if (!header) {
            if (!bytes.empty())
                spdlog::error("spool: {} has no header that this build can read; skipped", path.string());
            continue;
        }
        kinds_ = std::make_shared<const std::vector<RowKind>>(std::move(header->kinds));
        open_segment_ = number;
        position_ = {number, frame->size};
        return true;
    }
    return false;
}

std::uint64_t SpoolReader::seek(SpoolPosition position) {
    std::uint64_t rows = 0;
    open_segment_ = 0;
    position_ = position;
    if (position.offset == 0 || !enter(position.segment, position.segment)) return 0;
    while (position_.offset < position.offset) {
        const auto batch = read(SIZE_MAX, position);
        if (batch.rows.empty()) break;
        rows += batch.rows.size();
    }
    position_ = position;
    return rows;
}

SpoolBatch SpoolReader::read(std::size_t most_rows, SpoolPosition limit) {
    SpoolBatch batch;
    while (position_ < limit) {
        if ((open_segment_ == 0 || open_segment_ != position_.segment) &&
            !enter(position_.segment, limit.segment))
            break;
        if (position_ >= limit) break;
        const fs::path path = folder_ / segment_name(position_.segment);
        std::uint64_t file_end = limit.offset;
        if (position_.segment != limit.segment) {
            std::error_code gone;  // all of it was taken, and the spool has removed it
            file_end = fs::file_size(path, gone);
            if (gone) file_end = position_.offset;
        }
        if (position_.offset < file_end) {
            read_rows(batch, most_rows, file_end);
            if (!batch.rows.empty()) break;
            spdlog::error("spool: {} is damaged at byte {}; going on in the next segment", path.string(),
                          position_.offset);
        }
        if (position_.segment >= limit.segment || !enter(position_.segment + 1, limit.segment)) break;
    }
    batch.end = position_;
    return batch;
}

void SpoolReader::read_rows(SpoolBatch& batch, std::size_t most_rows, std::uint64_t file_end) {
    const fs::path path = folder_ / segment_name(position_.segment);
    const std::uint64_t left = file_end - position_.offset;
    batch.kinds = kinds_;
    batch.bytes = std::make_unique<std::string>(
        read_part(path, position_.offset, std::min<std::uint64_t>(left, chunk)));
    if (const auto wanted = wanted_size(*batch.bytes); wanted > batch.bytes->size() && wanted <= left)
        *batch.bytes = read_part(path, position_.offset, wanted);
    std::string_view rest = *batch.bytes;
    while (batch.rows.size() < most_rows) {
        const auto frame = first_frame(rest);
        if (!frame || frame->kind >= kinds_->size()) break;
        position_.offset += frame->size;
        rest.remove_prefix(frame->size);
        batch.rows.push_back({&(*kinds_)[frame->kind], frame->row, position_});
    }
}

}  // namespace trunkline::db
