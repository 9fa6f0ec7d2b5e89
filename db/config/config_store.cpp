#include "db/config/config_store.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <set>

#include "db/config/load_site.hpp"
#include "db/config/secrets.hpp"
#include "db/postgres/connection.hpp"
#include "engine/model/time_zone.hpp"

namespace trunkline::config {
namespace {

using model::Finding;
namespace json = boost::json;

// Beyond it the server is as good as away. Some statements of a large import take their time, and another
// import's turn may come first.
constexpr std::chrono::seconds import_limit{60};

std::string to_json(const Table& table, const std::vector<Row>& rows) {
    json::array out;
    for (const Row& row : rows) {
        json::object& object = out.emplace_back(json::object()).get_object();
        for (std::size_t i = 0; i < table.keys.size(); ++i) object[table.keys[i]] = row.key[i];
        for (std::size_t i = 0; i < table.values.size(); ++i) {
            json::value& cell = object[table.values[i].name];
            if (!row.values[i]) continue;  // null
            if (table.values[i].kind == Column::Kind::json)
                cell = json::parse(*row.values[i]);
            else
                cell = *row.values[i];
        }
    }
    return json::serialize(out);
}

// The rows of `$1` under the name s, matched with those of the table, t, by the keys.
std::string source(const Table& table) {
    return "jsonb_populate_recordset(NULL::config." + db::quoted_name(table.name) + ", $1::jsonb) AS s";
}
std::string same_key(const Table& table) {
    std::string sql;
    for (const std::string_view key : table.keys)
        sql += (sql.empty() ? "t." : " AND t.") + db::quoted_name(key) + " = s." + db::quoted_name(key);
    return sql;
}

std::string delete_sql(const Table& table) {
    return "DELETE FROM config." + db::quoted_name(table.name) + " AS t USING " + source(table) + " WHERE " +
           same_key(table);
}

std::string update_sql(const Table& table) {
    std::string sets;
    for (const Column& column : table.values)
        sets += (sets.empty() ? "" : ", ") + db::quoted_name(column.name) + " = s." +
                db::quoted_name(column.name);
    return "UPDATE config." + db::quoted_name(table.name) + " AS t SET " + sets + " FROM " + source(table) +
           " WHERE " + same_key(table);
}

std::string insert_sql(const Table& table) {
    std::string columns;
    for (const std::string_view key : table.keys)
        columns += (columns.empty() ? "" : ", ") + db::quoted_name(key);
    for (const Column& column : table.values) columns += ", " + db::quoted_name(column.name);
    return "INSERT INTO config." + db::quoted_name(table.name) + " (" + columns + ") SELECT " + columns +
           " FROM " + source(table);
}

// One statement a table and verb: triggers and revisions count statements.
void apply(db::Connection& connection, const Difference& difference) {
    connection.run("SET CONSTRAINTS ALL DEFERRED");
    for (std::size_t t = tables().size(); t-- > 0;)
        if (const auto& rows = difference.tables[t].removed; !rows.empty())
            connection.run(delete_sql(tables()[t]), {to_json(tables()[t], rows)});
    for (std::size_t t = 0; t < tables().size(); ++t) {
        if (const auto& rows = difference.tables[t].changed; !rows.empty())
            connection.run(update_sql(tables()[t]), {to_json(tables()[t], rows)});
        if (const auto& rows = difference.tables[t].added; !rows.empty())
            connection.run(insert_sql(tables()[t]), {to_json(tables()[t], rows)});
    }
}

void check_timezones(db::Connection& connection, const model::Site& site, std::vector<Finding>& findings) {
    for (const model::Tenant& tenant : site.tenants) {
        // One that nobody knows is in the site's own report.
        if (tenant.timezone.empty() || model::system_time_zones().find(tenant.timezone) == nullptr) continue;
        if (connection.run("SELECT config.is_timezone($1)", {tenant.timezone}).at(0, 0) != "t")
            findings.push_back(
                {Finding::Severity::error, "tenants[" + tenant.name + "].timezone",
                 "'" + tenant.timezone +
                     "' is no time zone that PostgreSQL knows; write one such as Europe/Berlin"});
    }
}

// The passwords of a file, against those that are stored.
class PasswordImport {
  public:
    PasswordImport(db::Connection& connection, const std::string& realm)
        : connection_(connection), realm_(realm) {}

    /// Tells in `changes` what differs; writes it where `write`.
    void run(const GivenPassword& given, bool write, std::vector<Change>& changes) {
        const bool digest = given.owner == GivenPassword::Owner::dn;
        const std::string_view kind = digest                                             ? "dn"
                                      : given.owner == GivenPassword::Owner::application ? "application"
                                                                                         : "person";
        const std::string_view name = digest ? "ha1" : "password";
        const std::uint32_t owner = owner_of(given);
        const auto stored = owner == 0 ? std::nullopt : stored_secret(connection_, kind, owner, name);
        std::string hash;
        if (digest) {
            hash = ha1(connection_, given.name, realm_, given.plain);
            if (stored && stored->hash == hash) return;
        } else if (stored && matches(*stored, given.plain)) {
            return;
        }
        changes.push_back({stored ? Change::What::changed : Change::What::added, given.path, "(secret)"});
        if (!write) return;
        put_secret(connection_, kind, owner, name, digest ? hash : hash_password(given.plain));
    }

  private:
    db::Connection& connection_;
    const std::string& realm_;

    // 0 where the object is yet to be made.
    std::uint32_t owner_of(const GivenPassword& given) {
        const auto rows = [&] {
            switch (given.owner) {
                case GivenPassword::Owner::person:
                    return connection_.run(
                        "SELECT dbid FROM config.person WHERE tenant = $1 AND user_name = $2",
                        {given.scope, given.name});
                case GivenPassword::Owner::dn:
                    return connection_.run("SELECT dbid FROM config.dn WHERE switch = $1 AND number = $2",
                                           {given.scope, given.name});
                case GivenPassword::Owner::application:
                    break;
            }
            return connection_.run("SELECT dbid FROM config.application WHERE name = $1", {given.name});
        }();
        return rows.size() == 0 ? 0 : static_cast<std::uint32_t>(std::stoul(std::string(rows.at(0, 0))));
    }
};

}  // namespace

bool ImportResult::refused() const {
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding& finding) { return finding.severity == Finding::Severity::error; });
}

model::Site ConfigStore::load() const {
    db::Connection connection(dsn_, import_limit);
    db::Transaction transaction(connection);
    connection.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    return load_site(connection);
}

ImportResult ConfigStore::import(const SiteFile& file, Prune prune) const {
    return run(file, prune, Mode::write);
}
ImportResult ConfigStore::diff(const SiteFile& file, Prune prune) const {
    return run(file, prune, Mode::look);
}

ImportResult ConfigStore::run(const SiteFile& file, Prune prune, Mode mode) const {
    ImportResult result;
    db::Connection connection(dsn_, import_limit);
    db::Transaction transaction(connection);
    // The writers' turn (config.await_turn): nothing changes between what is read here and what is written.
    connection.run("SELECT pg_advisory_xact_lock(hashtext('trunkline configuration'), 0)");
    const model::Site current = load_site(connection);
    const model::Site wanted = merged(current, file, prune);
    std::vector<Finding> checked = model::check(wanted, scripts_);
    check_timezones(connection, wanted, checked);
    result.findings = file.report(std::move(checked));
    if (result.refused()) return result;
    Difference found = difference(current, wanted);
    result.changes = std::move(found.changes);
    try {
        if (mode == Mode::write) apply(connection, found);
        PasswordImport passwords(connection, realm_);
        for (const GivenPassword& given : file.secrets)
            passwords.run(given, mode == Mode::write, result.changes);
        if (mode == Mode::look) return result;
        connection.run("SET CONSTRAINTS ALL IMMEDIATE");
        result.revision = newest_revision(connection);
        transaction.commit();
    } catch (const db::PostgresError& error) {
        if (error.connection_is_lost()) throw;
        result.findings.push_back(
            {Finding::Severity::error, "",
             std::string("the database refused it and nothing has changed: ") + error.what()});
        result.changes.clear();
        result.revision = 0;
    }
    return result;
}

}  // namespace trunkline::config
