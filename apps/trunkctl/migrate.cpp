#include "db/migrate/migrate.hpp"

#include <boost/json.hpp>
#include <ostream>

#include "apps/trunkctl/verbs.hpp"

namespace trunkline::ctl {

namespace {

int run_migrate(Call& call) {
    const auto applied =
        db::migrate(call.settings.database.dsn, [&](const std::string& line) { call.err << line << '\n'; });
    const auto version = db::newest_version();
    if (call.json)
        call.out << boost::json::serialize(
                        boost::json::array{{{"schema_version", version}, {"applied", applied}}})
                 << '\n';
    else
        call.out << "the schema is at version " << version << " (" << applied << " migrations applied)\n";
    return 0;
}

}  // namespace

Verb migrate_verb() {
    Verb verb{"migrate", "", "bring the database to this version's schema",
              "From empty or from any earlier version; what is there stays. trunklined refuses a database "
              "that is older\n"
              "than itself. Needs no server.   Example: trunkctl migrate --dsn 'host=/run/postgresql "
              "dbname=trunkline'"};
    verb.run = run_migrate;
    return verb;
}

}  // namespace trunkline::ctl
