#include "engine/base/utf8.hpp"

#include <boost/locale/utf.hpp>

namespace trunkline {

using Utf8 = boost::locale::utf::utf_traits<char>;

std::size_t utf8_length(std::string_view bytes) {
    auto next = bytes.begin();
    const bool is_one = boost::locale::utf::is_valid_codepoint(Utf8::decode(next, bytes.end()));
    return is_one ? static_cast<std::size_t>(next - bytes.begin()) : 0;
}

bool is_utf8(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t length = utf8_length(bytes);
        if (length == 0) return false;
        bytes.remove_prefix(length);
    }
    return true;
}

std::string to_valid_utf8(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    while (!bytes.empty()) {
        std::size_t length = utf8_length(bytes);
        if (length != 0) {
            out += bytes.substr(0, length);
        } else {
            out += "\xEF\xBF\xBD";
            length = 1;
            while (length < bytes.size() && Utf8::is_trail(bytes[length])) ++length;
        }
        bytes.remove_prefix(length);
    }
    return out;
}

}  // namespace trunkline
