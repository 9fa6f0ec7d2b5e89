#include "engine/base/printable.hpp"

namespace trunkline {
namespace {

unsigned byte_at(std::string_view text, std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
}

bool is_control(unsigned byte) { return byte < 0x20U || byte == 0x7FU; }

/// C2 80 to C2 9F in UTF-8.
bool begins_second_control(std::string_view text, std::size_t at) {
    const unsigned next = byte_at(text, at + 1);
    return byte_at(text, at) == 0xC2U && next >= 0x80U && next <= 0x9FU;
}

void append_hex(std::string& out, unsigned byte) {
    static constexpr char digits[] = "0123456789abcdef";
    out += "\\x";
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
}

}  // namespace

bool is_printable(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at)
        if (is_control(byte_at(text, at)) || begins_second_control(text, at)) return false;
    return true;
}

std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool second = begins_second_control(text, at);
        if (second || is_control(byte_at(text, at)))
            append_hex(out, byte_at(text, second ? ++at : at));
        else
            out += text[at];
    }
    return out;
}

}  // namespace trunkline
