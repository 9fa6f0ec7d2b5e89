#include "adapters/web/target.hpp"

#include <boost/url.hpp>

#include "engine/base/words.hpp"

namespace trunkline::web {
namespace {

namespace urls = boost::urls;

Error wrong(std::string why) { return {ErrorCode::bad_attribute, std::move(why)}; }

Result<Target> target_of(const urls::url_view& url) {
    Target target;
    if (url.scheme_id() == urls::scheme::https)
        target.https = true;
    else if (url.scheme_id() != urls::scheme::http)
        return wrong("the address must begin with https:// or http://");
    if (url.has_userinfo())
        return wrong("the address must hold no user name; send credentials in the header Authorization");
    target.host = lower_case(url.host_address());
    if (target.host.empty()) return wrong("the address names no host");
    // Decoded, it may hold what ends a line of the request.
    if (target.host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-._:") != std::string::npos)
        return wrong("the address names a host with characters that no host's name has");
    if (url.host_type() == urls::host_type::ipvfuture)
        return wrong("the address names a host in a form that nobody uses");
    // RFC 3986 3.3: behind an authority a path begins with a slash; the parser lets "http://host:./x"
    // through.
    if (!url.encoded_path().empty() && url.encoded_path()[0] != '/')
        return wrong("the path of the address must begin with a slash");
    target.port = target.https ? 443 : 80;
    if (url.has_port() && !url.port().empty()) {
        if (url.port_number() == 0) return wrong("the port of the address must be from 1 to 65535");
        target.port = url.port_number();
    }
    target.path = std::string(url.encoded_target());
    if (target.path.empty() || target.path[0] != '/') target.path.insert(0, "/");
    target.url = std::string(url.buffer().substr(0, url.buffer().find('#')));
    return target;
}

}  // namespace

std::string Target::authority() const {
    std::string text = host.find(':') == std::string::npos ? host : "[" + host + "]";
    if (port != (https ? 443 : 80)) text += ":" + std::to_string(port);
    return text;
}

Result<Target> read_target(const std::string& url) {
    const auto parsed = urls::parse_uri(url);
    if (!parsed)
        return wrong(
            "the address is no URL, as in https://example.com/customers?id=5; write other characters as %20 "
            "and "
            "the like");
    return target_of(*parsed);
}

Result<Target> redirected(const Target& base, const std::string& location) {
    const auto from = urls::parse_uri(base.url);
    const auto to = urls::parse_uri_reference(location);
    urls::url whole;
    if (!from || !to || !urls::resolve(*from, *to, whole))
        return wrong("the answer leads to an address that is no URL");
    return target_of(whole);
}

}  // namespace trunkline::web
