#include "db/scripts/conninfo.hpp"

#include <libpq-fe.h>

#include <memory>
#include <stdexcept>

namespace trunkline::db {

ConnInfo read_conninfo(const std::string& dsn, const std::string& setting) {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(dsn.c_str(), nullptr), &PQconninfoFree);
    if (!options)
        throw std::runtime_error(setting +
                                 ": is no connection string; write keywords as in \"host=db1 dbname=crm "
                                 "user=reader\", or a postgresql:// address");
    ConnInfo info;
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option)
        if (option->val != nullptr) info[option->keyword] = option->val;
    info["client_encoding"] = "UTF8";
    info["application_name"] = "trunkline scripts";
    return info;
}

ConnInfo as_script_role(ConnInfo info) {
    info["user"] = "trunkline_script";
    info.erase("password");
    return info;
}

}  // namespace trunkline::db
