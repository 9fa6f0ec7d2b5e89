#include "adapters/presence/multipart.hpp"

#include <algorithm>
#include <optional>

#include "adapters/presence/text.hpp"

namespace trunkline::presence {
namespace {

constexpr std::size_t longest_boundary = 70;  // RFC 2046 5.1.1

/// Takes what stands before the first `stop` outside quotes, and `stop`.
std::string_view take_until(std::string_view& rest, char stop) {
    bool quoted = false;
    std::size_t at = 0;
    for (; at < rest.size() && (quoted || rest[at] != stop); ++at) {
        if (rest[at] == '"') quoted = !quoted;
        if (quoted && rest[at] == '\\') ++at;
    }
    at = std::min(at, rest.size());
    const std::string_view taken = rest.substr(0, at);
    rest.remove_prefix(std::min(at + 1, rest.size()));
    return taken;
}

std::string unquoted(std::string_view value) {
    value = trimmed(value);
    if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::string(value);
    value = value.substr(1, value.size() - 2);
    std::string out;
    for (std::size_t at = 0; at < value.size(); ++at) {
        if (value[at] == '\\' && at + 1 < value.size()) ++at;
        out += value[at];
    }
    return out;
}

/// Takes a line with its end; what comes back is without it.
std::string_view take_line(std::string_view& rest) {
    const std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

enum class Edge { none, between, last };

/// What a line is to the parts: "--boundary" or "--boundary--", with white space behind it at most.
Edge edge(std::string_view line, std::string_view boundary) {
    if (!line.starts_with("--") || line.substr(2, boundary.size()) != boundary) return Edge::none;
    const std::string_view behind = trimmed(line.substr(2 + boundary.size()));
    return behind.empty() ? Edge::between : behind == "--" ? Edge::last : Edge::none;
}

/// Headers to an empty line, and the body. Nothing where the body is packed.
std::optional<Part> read_part(std::string_view text) {
    Part part;
    std::string type;
    std::string* continued = nullptr;
    while (!text.empty()) {
        std::string_view line = take_line(text);
        if (line.empty()) break;
        if (line.front() == ' ' || line.front() == '\t') {  // RFC 5322 2.2.3: a folded header
            if (continued) continued->append(line);
            continue;
        }
        const std::string name = lower(trimmed(take_until(line, ':')));
        continued = name == "content-type" ? &type : nullptr;
        if (continued) type = line;
        const std::string value = lower(trimmed(line));
        if (name == "content-transfer-encoding" && value != "binary" && value != "8bit" && value != "7bit")
            return std::nullopt;
    }
    part.content_type = read_content_type(type);
    part.body = text;
    return part;
}

}  // namespace

ContentType read_content_type(std::string_view header) {
    ContentType read;
    read.type = lower(trimmed(take_until(header, ';')));
    while (!header.empty()) {
        std::string_view parameter = take_until(header, ';');
        const std::string name = lower(trimmed(take_until(parameter, '=')));
        if (name == "boundary" && read.boundary.empty()) read.boundary = unquoted(parameter);
    }
    return read;
}

Result<std::vector<Part>> split_parts(std::string_view body, std::string_view boundary) {
    if (boundary.empty() || boundary.size() > longest_boundary)
        return refusal("the multipart's Content-Type has no boundary, or one longer than 70 characters");
    std::vector<Part> parts;
    std::optional<std::size_t> begin;  // of the part that is open
    bool ended = false;
    std::string_view rest = body;
    while (!ended && (!rest.empty() || begin)) {
        const std::size_t at = body.size() - rest.size();
        const bool cut = rest.empty();  // the last boundary is missing
        if (cut && begin == body.size()) break;
        const Edge here = cut ? Edge::last : edge(take_line(rest), boundary);
        if (here == Edge::none) continue;
        if (begin) {
            if (parts.size() == most_parts)
                return refusal("the multipart has more than " + std::to_string(most_parts) + " parts");
            const auto part = read_part(body.substr(*begin, at - *begin));
            if (!part)
                return refusal("a part of the multipart has a Content-Transfer-Encoding; SIP needs none");
            parts.push_back(*part);
        }
        begin = body.size() - rest.size();
        ended = here == Edge::last;
    }
    if (parts.empty()) return refusal("the multipart has no part between its boundaries");
    return parts;
}

}  // namespace trunkline::presence
