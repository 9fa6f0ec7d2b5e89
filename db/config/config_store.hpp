// Schema config, read and changed as a whole. Each call is one transaction on a connection of its own; any
// thread, but it blocks: never the engine's. A database that is away or refuses is db::PostgresError; what is
// wrong with a site is told in the result, and then nothing has changed.
#pragma once

#include <string>
#include <vector>

#include "db/config/merge_site.hpp"
#include "db/config/site_file.hpp"
#include "db/config/site_rows.hpp"
#include "engine/model/check.hpp"

namespace trunkline::config {

struct ImportResult {
    std::vector<model::Finding> findings;  // errors and warnings; any error means that nothing was changed
    std::vector<Change> changes;           // done, or what an import would do
    std::uint64_t revision = 0;            // in which the changes are in force; 0 after a diff or an error

    [[nodiscard]] bool refused() const;
};

class ConfigStore {
  public:
    /// `realm`: that of the SIP digest, for DN passwords. `scripts`: what warnings of missing scripts go by.
    explicit ConfigStore(std::string dsn, std::string realm = "trunkline", model::KnownScripts scripts = {})
        : dsn_(std::move(dsn)), realm_(std::move(realm)), scripts_(std::move(scripts)) {}

    /// One state throughout, with dbids, revision and has_password.
    [[nodiscard]] model::Site load() const;

    /// All or nothing. Objects keep their dbid; importing twice changes nothing and makes no revision.
    ImportResult import(const SiteFile& file, Prune prune) const;

    /// What import would answer, without doing it.
    [[nodiscard]] ImportResult diff(const SiteFile& file, Prune prune) const;

  private:
    std::string dsn_, realm_;
    model::KnownScripts scripts_;

    enum class Mode { look, write };
    ImportResult run(const SiteFile& file, Prune prune, Mode mode) const;
};

}  // namespace trunkline::config
