#include "adapters/sip/uri.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "engine/base/words.hpp"

namespace trunkline::sip {
namespace {

bool is_alnum(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Characters whose escaped form means the same in the user part (RFC 3261 25.1: unreserved,
/// user-unreserved).
bool may_stand_plain(char c) {
    return is_alnum(c) || std::string_view("-_.!~*'()&=+$,;?/").find(c) != std::string_view::npos;
}

template <class Keep>
Result<std::string> unescape(std::string_view text, Keep keep_escaped) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            out += text[at];
            continue;
        }
        const auto byte =
            at + 2 < text.size() ? number_in<unsigned char>(text.substr(at + 1, 2), 16) : std::nullopt;
        if (!byte) return Error{ErrorCode::bad_attribute, "an escape in the URI is not % and two hex digits"};
        const char plain = static_cast<char>(*byte);
        if (keep_escaped(plain)) {
            static constexpr char digits[] = "0123456789ABCDEF";
            out += {'%', digits[*byte >> 4U], digits[*byte & 15U]};
        } else {
            out += plain;
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
        if (std::string_view("-.()").find(c) == std::string_view::npos) uri.user += c;
    }
    uri.user = lower_case(uri.user);  // RFC 3966 5.1.1
    if (uri.user.empty()) return Error{ErrorCode::bad_attribute, "the tel URI has no number"};
    if (semicolon != std::string_view::npos) uri.params = rest.substr(semicolon + 1);
    return uri;
}

Result<Uri> parse_host_and_port(Uri uri, std::string_view text) {
    const auto bracket = text.rfind(']');
    const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
    uri.host = lower_case(text.substr(0, colon));
    if (!host_is_sane(uri.host)) return Error{ErrorCode::bad_attribute, "the URI has no valid host"};
    if (colon == std::string_view::npos) return uri;
    uri.port = number_in<std::uint16_t>(text.substr(colon + 1)).value_or(0);
    if (uri.port == 0)
        return Error{ErrorCode::bad_attribute, "the URI's port is not a number from 1 to 65535"};
    return uri;
}

}  // namespace

Result<Uri> parse_uri(std::string_view text) {
    if (text.size() > max_uri_size)
        return Error{ErrorCode::bad_attribute, "the URI is longer than 1024 bytes"};
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return Error{ErrorCode::bad_attribute, "the URI has no scheme"};
    Uri uri;
    uri.scheme = lower_case(text.substr(0, colon));
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
    return scheme == "sips" || lower_case(param("transport")) == "tls" ? 5061 : 5060;  // RFC 3263 4.2
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
        if (lower_case(one.substr(0, equals)) == lower_case(name)) {
            return equals == std::string_view::npos ? std::string() : std::string(one.substr(equals + 1));
        }
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    return {};
}

}  // namespace trunkline::sip
