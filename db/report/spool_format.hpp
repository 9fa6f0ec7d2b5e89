// The spool's files: segments of frames, each with its length and checksum, so that a torn tail is seen. The
// first frame of a segment says how the rows in it are to be written, so that a later build can write an
// older one's. Pure functions and values; no file is touched here.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/report/row_text.hpp"

namespace trunkline::db {

/// A place between two frames. Positions of one spool are ordered as its rows are.
struct SpoolPosition {
    std::uint64_t segment = 0;
    std::uint64_t offset = 0;  // bytes
    friend auto operator<=>(const SpoolPosition&, const SpoolPosition&) = default;
};

constexpr std::size_t frame_overhead = 10;                // length, checksum, kind
constexpr std::size_t longest_row = 16U * 1024U * 1024U;  // a frame that says it is longer is not one of ours
constexpr std::uint16_t header_kind = 0xffff;

struct SpoolFrame {
    std::uint16_t kind = 0;
    std::string_view row;  // COPY text, no line end
    std::size_t size = 0;  // bytes of the whole frame
};

struct SegmentHeader {
    std::string spool;  // identity of the folder, a uuid
    std::vector<RowKind> kinds;
};

/// Starts a frame at the end of `out`; append the row, then close it with the place that this returned.
[[nodiscard]] std::size_t begin_frame(std::string& out, std::uint16_t kind);
void end_frame(std::string& out, std::size_t begun_at);

/// The frame at the start of `bytes`; none where it is cut off or its checksum is wrong.
[[nodiscard]] std::optional<SpoolFrame> first_frame(std::string_view bytes);
/// Bytes that the frame at the start of `bytes` wants, as far as its first four bytes can be believed; else
/// 0.
[[nodiscard]] std::size_t wanted_size(std::string_view bytes);

[[nodiscard]] std::string make_header(const SegmentHeader& header);
/// None where `row` is no header of a format that this build knows.
[[nodiscard]] std::optional<SegmentHeader> parse_header(std::string_view row);

/// `0000000042.spool`
[[nodiscard]] std::string segment_name(std::uint64_t number);
/// 0 where `name` is not a segment's.
[[nodiscard]] std::uint64_t segment_number(std::string_view name);

}  // namespace trunkline::db
