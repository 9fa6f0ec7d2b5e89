// GET /api/v1/export and POST /api/v1/import: the configuration over HTTP, in the form of the site file.
// Blocking work on the database; the caller puts it on a worker. A database that is away throws.
#pragma once

#include "adapters/http/message.hpp"
#include "apps/settings/settings.hpp"

namespace trunkline::apps {

struct ImportAnswer {
    http::Response response;
    std::uint64_t revision = 0;  // to wait for; 0 where nothing changed
};

[[nodiscard]] http::Response export_site(const Settings&);
/// 200 with the changes, or 422 with every finding; all or nothing.
[[nodiscard]] ImportAnswer import_site(const Settings&, const std::string& yaml, bool prune);

}  // namespace trunkline::apps
