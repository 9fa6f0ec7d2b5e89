// Schema config as a Site: every object with its dbid, and the revision. One thread at a time, that of the
// connection. Throws db::PostgresError.
#pragma once

#include "engine/model/site.hpp"

namespace trunkline::db {
class Connection;
}

namespace trunkline::config {

/// Inside a transaction that sees one state throughout (repeatable read, or the writers' turn held).
[[nodiscard]] model::Site load_site(db::Connection& connection);

/// The newest revision; 0 before the first change.
[[nodiscard]] std::uint64_t newest_revision(db::Connection& connection);

}  // namespace trunkline::config
