#include "db/config/endpoint_secrets.hpp"

#include <boost/json.hpp>

#include "db/postgres/connection.hpp"

namespace trunkline::config {
namespace {

namespace json = boost::json;

std::string text_at(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    const json::string* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : std::string(*text);
}

}  // namespace

EndpointSecrets load_endpoint_secrets(db::Connection& connection, const std::string& realm) {
    // As ha1() makes them, so that a password counts from its commit on and not from when it is hashed.
    const auto rows = connection.run(
        "SELECT dn.switch, dn.number, coalesce(s.hash, json_build_object('realm', $1::text, 'MD5', "
        "md5(plain), "
        "'SHA-256', encode(sha256(convert_to(plain, 'UTF8')), 'hex'))::text) FROM config.secret AS s JOIN "
        "config.dn AS dn ON dn.dbid = s.owner CROSS JOIN LATERAL (SELECT dn.number || ':' || $1::text || ':' "
        "|| s.pending_plain) AS given (plain) WHERE s.kind = 'dn' AND s.name = 'ha1'",
        {realm});
    EndpointSecrets secrets;
    for (int row = 0; row < rows.size(); ++row) {
        const std::string sw(rows.at(row, 0)), number(rows.at(row, 1));
        boost::system::error_code error;
        const json::value value = json::parse(json::string_view(rows.at(row, 2)), error);
        const json::object* ha1 = error ? nullptr : value.if_object();
        if (ha1 == nullptr || text_at(*ha1, "realm") != realm) {
            secrets.of_another_realm.push_back(number + "@" + sw);
            continue;
        }
        secrets.by_dn.emplace(EndpointSecrets::Name(sw, number),
                              EndpointSecret{text_at(*ha1, "MD5"), text_at(*ha1, "SHA-256")});
    }
    return secrets;
}

}  // namespace trunkline::config
