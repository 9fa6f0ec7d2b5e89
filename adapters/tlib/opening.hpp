// Opening a connection: which application asks, and on which switch of which tenant it will work
// (contracts: RequestRegisterClient). A pure function of the request and the configuration in force.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>

#include "engine/base/error.hpp"
#include "engine/model/snapshot.hpp"

namespace trunkline::tlib {

struct Opening {
    std::string application;
    std::optional<std::string> password;  // as sent; not checked here
    TenantId tenant;
    SwitchId sw;
    std::string tenant_name, switch_name;
};

/// Error 53 where the application or the switch is unknown, where the switch is another tenant's, or where
/// none is named although there are several and none of them has the option `default: true`.
[[nodiscard]] Result<Opening> resolve_opening(const model::Snapshot&, const boost::json::object& request);

/// Attribute `name` where it is there and is a string; error 53 where it is anything else but absent or null.
[[nodiscard]] Result<std::optional<std::string>> read_text(const boost::json::object&, std::string_view name);

}  // namespace trunkline::tlib
