// The digest secrets of agents' endpoints: HA1 values by switch and DN, as config.secret holds them. Also
// those that SQL has just written in the clear and nobody has hashed yet. Throws db::PostgresError.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace trunkline::db {
class Connection;
}

namespace trunkline::config {

struct EndpointSecret {
    std::string md5, sha256;  // H(number:realm:password) in hexadecimal
};

struct EndpointSecrets {
    using Name = std::pair<std::string, std::string>;  // switch, number
    std::map<Name, EndpointSecret> by_dn;
    /// DNs whose values were made for another realm, "1001@sip_switch": they serve nobody here.
    std::vector<std::string> of_another_realm;
};

[[nodiscard]] EndpointSecrets load_endpoint_secrets(db::Connection& connection, const std::string& realm);

}  // namespace trunkline::config
