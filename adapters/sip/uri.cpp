#include "adapters/sip/uri.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace trunkline::sip {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) { return lower(c); });
    return out;
}

bool is_alnum(char c) { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z'); }

/// Characters whose escaped form means the same in the user part (RFC 3261 25.1: unreserved,
/// user-unreserved).
bool may_stand_plain(char c) {
    return is_alnum(c) || std::string_view("-_.!~*'()&=+$,;?/").find(c) != std::string_view::npos;
}

std::optional<char> unescape_at(std::string_view text, std::size_t at) {
    if (at + 2 >= text.size()) return std::nullopt;
    unsigned value = 0;
    const char* end = text.data() + at + 3;
    const auto [stop, error] = std::from_chars(text.data() + at + 1, end, value, 16);
    if (error != std::errc() || stop != end) return std::nullopt;
    return static_cast<char>(value);
}

template <class Keep>
Result<std::string> unescape(std::string_view text, Keep keep_escaped) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            out += text[at];
            continue;
        }
        const auto plain = unescape_at(text, at);
        if (!plain)
            return Error{ErrorCode::bad_attribute, "an escape in the URI is not % and two hex digits"};
        if (keep_escaped(*plain)) {
            static constexpr char digits[] = "0123456789ABCDEF";
            const auto byte = static_cast<unsigned char>(*plain);
            out += {'%', digits[byte >> 4U], digits[byte & 15U]};
        } else {
            out += *plain;
        }
        at += 2;
    }
    return out;
}

bool host_is_sane(std::string_view host) {
    if (host.empty()) return false;
    if (host.front() == '[')
        return host.size() > 2 && host.back() == ']' &&
               host.substr(1, host.size() - 2).find_first_not_of("0123456789abcdef:.") ==
                   std::string_view::npos;
    return std::all_of(host.begin(), host.end(),
                       [](char c) { return is_alnum(c) || c == '.' || c == '-' || c == '_'; });
}

Result<Uri> parse_tel(Uri uri, std::string_view rest) {
    const auto semicolon = rest.find(';');
    for (const char c : rest.substr(0, semicolon)) {
        if (std::string_view("-.()").find(c) == std::string_view::npos)
            uri.user += lower(c);  // RFC 3966 5.1.1
    }
    if (uri.user.empty()) return Error{ErrorCode::bad_attribute, "the tel URI has no number"};
    if (semicolon != std::string_view::npos) uri.params = rest.substr(semicolon + 1);
    return uri;
}

Result<Uri> parse_host_and_port(Uri uri, std::string_view text) {
    const auto bracket = text.rfind(']');
    const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
    uri.host = lower(text.substr(0, colon));
    if (!host_is_sane(uri.host)) return Error{ErrorCode::bad_attribute, "the URI has no valid host"};
    if (colon == std::string_view::npos) return uri;
    const std::string_view digits = text.substr(colon + 1);
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), uri.port);
    if (error != std::errc() || stop != digits.data() + digits.size() || uri.port < 1 || uri.port > 65535) {
        return Error{ErrorCode::bad_attribute, "the URI's port is not a number from 1 to 65535"};
    }
    return uri;
}

}  // namespace

Result<Uri> parse_uri(std::string_view text) {
    if (text.size() > max_uri_size)
        return Error{ErrorCode::bad_attribute, "the URI is longer than 1024 bytes"};
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return Error{ErrorCode::bad_attribute, "the URI has no scheme"};
    Uri uri;
    uri.scheme = lower(text.substr(0, colon));
    std::string_view rest = text.substr(colon + 1);
    if (uri.scheme == "tel") return parse_tel(std::move(uri), rest);
    if (uri.scheme != "sip" && uri.scheme != "sips") {
        return Error{ErrorCode::bad_attribute, "the URI is neither sip, sips nor tel"};
    }
    if (const auto at = rest.find('@'); at != std::string_view::npos) {
        std::string_view user = rest.substr(0, at);
        user = user.substr(0, user.find(':'));  // a password is nobody's identity
        auto plain = unescape(user, [](char c) { return !may_stand_plain(c); });
        if (!plain) return plain.error();
        uri.user = std::move(*plain);
        rest.remove_prefix(at + 1);
    }
    rest = rest.substr(0, rest.find('?'));
    if (const auto semicolon = rest.find(';'); semicolon != std::string_view::npos) {
        uri.params = rest.substr(semicolon + 1);
        rest = rest.substr(0, semicolon);
    }
    return parse_host_and_port(std::move(uri), rest);
}

int Uri::effective_port() const {
    if (port != 0) return port;
    return scheme == "sips" || lower(param("transport")) == "tls" ? 5061 : 5060;  // RFC 3263 4.2
}

std::string Uri::identity() const {
    if (scheme == "tel") return scheme + ":" + user;
    std::string out = scheme + ":";
    if (!user.empty()) out += user + "@";
    out += host;
    if (port != 0 && port != (scheme == "sips" ? 5061 : 5060)) out += ":" + std::to_string(port);
    return out;
}

std::string Uri::plain_user() const {
    auto plain = unescape(user, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    return plain ? *plain : user;
}

std::string Uri::param(std::string_view name) const {
    std::string_view rest = params;
    while (!rest.empty()) {
        const auto end = rest.find(';');
        const std::string_view one = rest.substr(0, end);
        const auto equals = one.find('=');
        if (lower(one.substr(0, equals)) == lower(name)) {
            return equals == std::string_view::npos ? std::string() : std::string(one.substr(equals + 1));
        }
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    return {};
}

}  // namespace trunkline::sip
