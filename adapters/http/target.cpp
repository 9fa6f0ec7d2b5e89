#include "adapters/http/target.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "engine/base/words.hpp"

namespace trunkline::http {
namespace {

template <class Take>
bool for_each_part(std::string_view text, char separator, Take take) {
    while (true) {
        const std::size_t end = text.find(separator);
        if (!take(text.substr(0, end))) return false;
        if (end == std::string_view::npos) return true;
        text.remove_prefix(end + 1);
    }
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_blank) {
            out += ' ';
        } else if (text[i] != '%') {
            out += text[i];
        } else {
            if (i + 2 >= text.size()) return std::nullopt;
            const auto byte = number_in<unsigned char>(text.substr(i + 1, 2), 16);
            if (!byte || *byte == 0) return std::nullopt;
            out += static_cast<char>(*byte);
            i += 2;
        }
    }
    return out;
}

std::string percent_encode(std::string_view text) {
    return boost::urls::encode(text, boost::urls::unreserved_chars);
}

std::optional<Target> parse_target(std::string_view text) {
    if (text.empty() || text.front() != '/' || text.find('\0') != std::string_view::npos) return std::nullopt;
    const std::size_t question = text.find('?');
    const std::string_view path = text.substr(0, question);
    Target out;
    const auto decoded = percent_decode(path);
    if (!decoded) return std::nullopt;
    out.path = *decoded;
    // Decoded after the split: an encoded slash stays within its segment.
    const bool whole = for_each_part(path.substr(1), '/', [&](std::string_view part) {
        const auto segment = percent_decode(part);
        if (segment) out.segments.push_back(*segment);
        return segment.has_value();
    });
    if (!whole) return std::nullopt;
    if (!out.segments.empty() && out.segments.back().empty()) out.segments.pop_back();  // a slash at the end
    if (question == std::string_view::npos) return out;
    const bool readable = for_each_part(text.substr(question + 1), '&', [&](std::string_view part) {
        if (part.empty()) return true;
        const std::size_t equals = part.find('=');
        const auto name = percent_decode(part.substr(0, equals), true);
        const auto value = equals == std::string_view::npos ? std::optional<std::string>("")
                                                            : percent_decode(part.substr(equals + 1), true);
        if (!name || !value) return false;
        out.query[*name] = *value;
        return true;
    });
    return readable ? std::optional(out) : std::nullopt;
}

}  // namespace trunkline::http
