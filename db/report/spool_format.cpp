#include "db/report/spool_format.hpp"

#include <array>
#include <boost/json.hpp>
#include <cstring>

#include "db/report/crc32c.hpp"
#include "engine/base/words.hpp"

namespace trunkline::db {

namespace json = boost::json;

namespace {

constexpr int format_version = 1;
constexpr std::string_view suffix = ".spool";

json::value names(const std::vector<std::string>& from) { return json::value_from(from); }

std::vector<std::string> texts(const json::value& from) {
    return json::value_to<std::vector<std::string>>(from);
}

}  // namespace

// Frame: u32 length of kind and row, u32 CRC-32C of both, u16 kind, row; little-endian.
std::size_t begin_frame(std::string& out, std::uint16_t kind) {
    const std::size_t at = out.size();
    out.append(8, '\0');
    out.append(reinterpret_cast<const char*>(&kind), sizeof kind);
    return at;
}

void end_frame(std::string& out, std::size_t begun_at) {
    const std::string_view body = std::string_view(out).substr(begun_at + 8);
    const auto length = static_cast<std::uint32_t>(body.size());
    const std::uint32_t checksum = crc32c(body);
    std::memcpy(out.data() + begun_at, &length, 4);
    std::memcpy(out.data() + begun_at + 4, &checksum, 4);
}

std::size_t wanted_size(std::string_view bytes) {
    if (bytes.size() < 4) return 0;
    std::uint32_t length = 0;
    std::memcpy(&length, bytes.data(), 4);
    return length < 2 || length > longest_row ? 0 : length + std::size_t{8};
}

std::optional<SpoolFrame> first_frame(std::string_view bytes) {
    const std::size_t size = wanted_size(bytes);
    if (size == 0 || size > bytes.size()) return std::nullopt;
    std::uint32_t checksum = 0;
    std::memcpy(&checksum, bytes.data() + 4, 4);
    const auto body = bytes.substr(8, size - 8);
    if (crc32c(body) != checksum) return std::nullopt;
    SpoolFrame frame{0, body.substr(2), size};
    std::memcpy(&frame.kind, body.data(), 2);
    return frame;
}

std::string make_header(const SegmentHeader& header) {
    json::array kinds;
    for (const auto& kind : header.kinds)
        kinds.push_back({{"table", kind.table}, {"key", names(kind.key)}, {"columns", names(kind.columns)}});
    std::string out;
    const auto begun = begin_frame(out, header_kind);
    out +=
        json::serialize(json::object{{"format", format_version}, {"spool", header.spool}, {"kinds", kinds}});
    end_frame(out, begun);
    return out;
}

std::optional<SegmentHeader> parse_header(std::string_view row) {
    try {
        const auto parsed = json::parse(row);
        if (parsed.at("format").as_int64() != format_version) return std::nullopt;
        SegmentHeader header{std::string(parsed.at("spool").as_string()), {}};
        for (const auto& kind : parsed.at("kinds").as_array())
            header.kinds.push_back({std::string(kind.at("table").as_string()), texts(kind.at("key")),
                                    texts(kind.at("columns"))});
        return header;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

std::string segment_name(std::uint64_t number) {
    const std::string digits = std::to_string(number);
    return std::string(10 - std::min<std::size_t>(10, digits.size()), '0') + digits + std::string(suffix);
}

std::uint64_t segment_number(std::string_view name) {
    if (!name.ends_with(suffix)) return 0;
    name.remove_suffix(suffix.size());
    return number_in<std::uint64_t>(name).value_or(0);
}

}  // namespace trunkline::db
