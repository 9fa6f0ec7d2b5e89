#include "db/postgres/environment.hpp"

#include <libpq-fe.h>

#include <memory>
#include <stdexcept>

namespace trunkline::db {

std::vector<std::pair<std::string, std::string>> libpq_environment(const std::string& dsn) {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(dsn.c_str(), nullptr), &PQconninfoFree);
    if (!options)
        throw std::runtime_error("database.dsn is no connection string; write keywords or an address");
    std::vector<std::pair<std::string, std::string>> variables;
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option)
        if (option->val != nullptr && option->envvar != nullptr)
            variables.emplace_back(option->envvar, option->val);
    return variables;
}

}  // namespace trunkline::db
