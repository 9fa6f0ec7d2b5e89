#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ostream>

#include "apps/trunkctl/table.hpp"
#include "apps/trunkctl/verbs.hpp"
#include "db/postgres/environment.hpp"
#include "db/queries/stock_queries.hpp"

namespace trunkline::ctl {

namespace {

namespace json = boost::json;

json::array rows_of(const db::QueryTable& table) {
    json::array rows;
    for (const auto& cells : table.rows) {
        json::object row;
        for (std::size_t i = 0; i < cells.size(); ++i)
            row[table.columns[i]] = cells[i] ? json::value(*cells[i]) : json::value(nullptr);
        rows.push_back(std::move(row));
    }
    return rows;
}

int list_queries(Call& call) {
    json::array rows;
    for (const auto& query : db::stock_queries())
        rows.push_back({{"name", query.name}, {"parameter", query.parameter}, {"tells", query.tells}});
    if (call.json)
        call.out << json::serialize(rows) << '\n';
    else
        print_table(call.out, rows, "");
    return 0;
}

/// A terminal gets psql on schema reporting; it takes the place of this process.
[[noreturn]] void open_psql(const Call& call) {
    // By the environment, which only this user reads: everybody reads the arguments of a process.
    for (const auto& [name, value] : db::libpq_environment(call.settings.database.dsn))
        setenv(name.c_str(), value.c_str(), 1);
    setenv("PGOPTIONS", "-c search_path=reporting,public", 1);
    execlp("psql", "psql", nullptr);
    throw Failure(std::string("psql cannot be started: ") + std::strerror(errno) +
                  "; apt-get install postgresql-client");
}

int run_sql(Call& call) {
    if (call.has("list")) return list_queries(call);
    if (call.arguments.empty()) open_psql(call);
    std::optional<std::string> parameter;
    if (call.arguments.size() > 1) parameter = call.arguments[1];
    const auto rows = rows_of(db::run_stock_query(call.settings.database.dsn, call.arguments[0], parameter));
    if (call.json)
        call.out << json::serialize(rows) << '\n';
    else
        print_table(call.out, rows, "no rows");
    return 0;
}

}  // namespace

Verb sql_verb() {
    Verb verb{"sql", "[NAME [PARAMETER]]",
              "run a stock reporting query, or open psql on the reporting schema",
              "Without a name: psql, with schema reporting on its path.   --list shows the stock queries.\n"
              "Example: trunkctl sql interactions_today"};
    verb.most_arguments = 2;
    verb.add_options = [](po::options_description& options) {
        options.add_options()("list", "the stock queries and what they tell");
    };
    verb.run = run_sql;
    return verb;
}

}  // namespace trunkline::ctl
