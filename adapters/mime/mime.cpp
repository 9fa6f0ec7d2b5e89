#include "adapters/mime/mime.hpp"

#include <sodium.h>

#include <algorithm>

#include "engine/base/words.hpp"

namespace trunkline::mime {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

/// Cuts off what stands before `stop` outside quotes, and `stop` itself.
std::string_view cut_at(std::string_view& rest, char stop) {
    bool quoted = false;
    std::size_t at = 0;
    for (; at < rest.size(); ++at) {
        if (rest[at] == '"') quoted = !quoted;
        if (quoted && rest[at] == '\\') {
            ++at;
        } else if (!quoted && rest[at] == stop) {
            break;
        }
    }
    at = std::min(at, rest.size());
    const std::string_view one = rest.substr(0, at);
    rest.remove_prefix(std::min(at + 1, rest.size()));
    return one;
}

std::string unquoted(std::string_view value) {
    value = trimmed(value);
    if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::string(value);
    std::string out;
    for (std::size_t at = 1; at + 1 < value.size(); ++at) {
        if (value[at] == '\\' && at + 2 < value.size()) ++at;
        out += value[at];
    }
    return out;
}

/// Takes the next line, without its end.
std::string_view next_line(std::string_view& rest) {
    const std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return line;
}

/// RFC 2045 6.7. White space at the end of a line was added on the way; an escape that is none stays as it
/// is.
std::string from_quoted_printable(std::string_view body) {
    std::string out;
    while (!body.empty()) {
        const bool whole = body.find('\n') != std::string_view::npos;
        std::string_view line = next_line(body);
        while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
        const bool soft = !line.empty() && line.back() == '=';
        if (soft) line.remove_suffix(1);
        for (std::size_t at = 0; at < line.size(); ++at) {
            const auto escaped = line[at] == '=' && at + 2 < line.size()
                                     ? number_in<unsigned char>(line.substr(at + 1, 2), 16)
                                     : std::nullopt;
            out += escaped ? static_cast<char>(*escaped) : line[at];
            if (escaped) at += 2;
        }
        if (whole && !soft) out += "\r\n";
    }
    return out;
}

/// What stands behind the padding, or is missing of it, does not matter.
std::optional<std::string> from_base64(std::string_view body) {
    std::string out(body.size(), '\0');
    std::size_t size = 0;
    const char* end = nullptr;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), body.data(), body.size(),
                          " \t\r\n", &size, &end, sodium_base64_VARIANT_ORIGINAL_NO_PADDING) != 0)
        return std::nullopt;
    if (end != body.data() + body.size() && *end != '=') return std::nullopt;
    out.resize(size);
    return out;
}

/// "--boundary" or "--boundary--", with white space behind it at most: another boundary may begin alike.
bool is_edge(std::string_view line, std::string_view boundary) {
    if (line.substr(0, 2) != "--" || line.substr(2, boundary.size()) != boundary) return false;
    line.remove_prefix(2 + boundary.size());
    return line.substr(0, 2) == "--" || trimmed(line).empty();
}

}  // namespace

std::string lower_trimmed(std::string_view text) { return lower_case(trimmed(text)); }

ContentType parse_content_type(std::string_view value) {
    ContentType read;
    read.type = lower_trimmed(cut_at(value, ';'));
    while (!value.empty()) {
        std::string_view parameter = cut_at(value, ';');
        const std::string name = lower_trimmed(cut_at(parameter, '='));
        if (name == "charset" && read.charset.empty()) read.charset = lower_trimmed(unquoted(parameter));
        if (name == "boundary" && read.boundary.empty()) read.boundary = unquoted(parameter);
    }
    return read;
}

Entity parse_entity(std::string_view text) {
    Entity entity;
    std::string name, value;
    const auto take = [&] {
        if (name == "content-type") entity.content_type = value;
        if (name == "content-transfer-encoding") entity.transfer_encoding = lower_trimmed(value);
        if (name == "content-disposition")
            entity.attachment = lower_trimmed(value.substr(0, value.find(';'))) == "attachment";
    };
    while (!text.empty()) {
        std::string_view line = next_line(text);
        if (line.empty()) break;
        if (line.front() == ' ' || line.front() == '\t') {  // folded
            value += line;
            continue;
        }
        take();
        name = lower_trimmed(cut_at(line, ':'));
        value = line;
    }
    take();
    entity.body = text;
    return entity;
}

std::optional<std::string_view> after_headers(std::string_view text) {
    while (!text.empty()) {
        if (next_line(text).empty()) return text;
    }
    return std::nullopt;
}

std::vector<std::string_view> split_parts(std::string_view body, std::string_view boundary,
                                          std::size_t most) {
    std::vector<std::string_view> parts;
    if (boundary.empty()) return parts;
    std::string_view rest = body;
    const char* begin = nullptr;  // of the part that is open
    while (parts.size() < most) {
        const char* const line_begin = rest.data();
        const bool at_end = rest.empty();
        const std::string_view line = next_line(rest);
        const bool edge = is_edge(line, boundary);
        if (!edge && !at_end) continue;
        if (begin != nullptr) {
            std::string_view part(begin, static_cast<std::size_t>(line_begin - begin));
            // The line break before an edge belongs to the edge (RFC 2046 5.1.1).
            if (edge && !part.empty() && part.back() == '\n') part.remove_suffix(1);
            if (edge && !part.empty() && part.back() == '\r') part.remove_suffix(1);
            parts.push_back(part);
        }
        if (at_end || line.substr(2 + boundary.size(), 2) == "--") break;
        begin = rest.data();
    }
    return parts;
}

std::optional<std::string> unpack(std::string_view encoding, std::string_view body) {
    if (encoding.empty() || encoding == "7bit" || encoding == "8bit" || encoding == "binary")
        return std::string(body);
    if (encoding == "quoted-printable") return from_quoted_printable(body);
    if (encoding == "base64") return from_base64(body);
    return std::nullopt;
}

}  // namespace trunkline::mime
