// CRC-32C (Castagnoli, RFC 3720 12.1), eight bytes a step over tables made at compile time. Guards the
// spool's frames.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace trunkline::db {

namespace crc32c_detail {

constexpr auto make_tables() {
    std::array<std::array<std::uint32_t, 256>, 8> tables{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t crc = byte;
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0x82f63b78U : 0U);
        tables[0][byte] = crc;
    }
    for (std::size_t slice = 1; slice < 8; ++slice)
        for (std::size_t byte = 0; byte < 256; ++byte) {
            const std::uint32_t before = tables[slice - 1][byte];
            tables[slice][byte] = (before >> 8U) ^ tables[0][before & 0xffU];
        }
    return tables;
}
inline constexpr auto tables = make_tables();

}  // namespace crc32c_detail

[[nodiscard]] inline std::uint32_t crc32c(std::string_view bytes) {
    static_assert(std::endian::native == std::endian::little,
                  "the eight-byte step below reads little-endian words");
    const auto& t = crc32c_detail::tables;
    std::uint32_t crc = ~0U;
    const char* at = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= 8; left -= 8, at += 8) {
        std::uint32_t low = 0, high = 0;
        std::memcpy(&low, at, 4);
        std::memcpy(&high, at + 4, 4);
        low ^= crc;
        crc = t[7][low & 0xffU] ^ t[6][(low >> 8U) & 0xffU] ^ t[5][(low >> 16U) & 0xffU] ^ t[4][low >> 24U] ^
              t[3][high & 0xffU] ^ t[2][(high >> 8U) & 0xffU] ^ t[1][(high >> 16U) & 0xffU] ^
              t[0][high >> 24U];
    }
    for (; left > 0; --left, ++at) crc = (crc >> 8U) ^ t[0][(crc ^ static_cast<unsigned char>(*at)) & 0xffU];
    return ~crc;
}

}  // namespace trunkline::db
