// Where scripts' queries connect to, as libpq's keywords. Any thread. A dsn that libpq cannot read throws
// std::runtime_error that names the setting and nothing of the dsn: it may hold a password.
#pragma once

#include <map>
#include <string>

namespace trunkline::db {

using ConnInfo = std::map<std::string, std::string>;

/// `setting` names it in the message, for example "scripts.databases.crm".
[[nodiscard]] ConnInfo read_conninfo(const std::string& dsn, const std::string& setting);
/// The same database as the role trunkline_script: without the other role's password, so that libpq looks
/// into the password file.
[[nodiscard]] ConnInfo as_script_role(ConnInfo);

}  // namespace trunkline::db
