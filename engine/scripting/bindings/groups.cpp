// The groups of the API in the order of the documentation. A new group: its rows, a line here, its misuse in
// tests/unit/scripting/misuse_test.cpp.
#include <array>

#include "engine/scripting/binding.hpp"

namespace trunkline::scripting {

std::span<const BindingGroup> binding_groups() {
    static const std::array<BindingGroup, 9> groups{
        {{"ix", true, ix_rows(), "engine/scripting/bindings/ix_rows.cpp",
          "The interaction that the strategy was started for.",
          R"(return function(ix)
  local request = ix:collect_digits{total_timeout = 90}
  ix.userdata.request = request
  local result, reason = ix:route{targets = {target.group "All_Agents"}, timeout = 120}
  if not result then
    ix:log("warn", "nobody answered:", reason)
    ix:default_route()
  end
end)"},
         {"target", false, target_rows(), "engine/scripting/bindings/target.cpp",
          "Whom an interaction may be routed to.",
          R"(local experts = {target.skill "billing >= 5 and english >= 1", target.agent "ann"})"},
         {"stat", false, stat_rows(), "engine/scripting/bindings/stat.cpp", "Figures of the moment.",
          R"(local wait = stat.ewt(target.skill "billing >= 5")
if wait and wait > 300 then ix:send_text("That will take a while.") end)"},
         {"config", false, config_rows(), "engine/scripting/bindings/modules.cpp",
          "Options and lists of the configuration, always those of the interaction's own tenant.",
          R"(if config.list("vip", ix.customer) then ix:set_priority(100) end
local limit = tonumber((config.option("dn:1111", "desk", "patience"))) or 120)"},
         {"time", false, time_rows(), "engine/scripting/bindings/time.cpp",
          "The engine's now, on the clocks of the tenant.",
          R"(local open = time.in_hours "Mon-Fri 09:00-17:30, Sat 10:00-14:00")"},
         {"json", false, json_rows(), "engine/scripting/bindings/json.cpp", "JSON to Lua values and back.",
          R"(local order = json.decode(ix.userdata.order or "{}")
log.info("order", json.encode(order)))"},
         {"db", false, db_rows(), "engine/scripting/bindings/db.cpp",
          "Reading from databases. A query waits like any waiting call and blocks nobody.",
          R"(local rows, why = db.query("SELECT tier FROM script.customer WHERE address = $1", {ix.customer})
if not rows then log.warn("no answer of the database:", why) end)"},
         {"http", false, http_rows(), "engine/scripting/bindings/http.cpp",
          "Asking the web. Private addresses only where the setting scripts.http_allow lists them.",
          R"(local answer, why = http.post("https://crm.example.com/customers", {address = ix.customer}, {timeout = 3})
if answer and answer.status == 200 then ix:attach{customer = json.decode(answer.body)} end)"},
         {"log", false, log_rows(), "engine/scripting/bindings/modules.cpp",
          "Lines in the server's log; ix:log writes them to the interaction's trace as well.",
          R"(log.warn("no customer number in", ix.userdata.request))"}}};
    return groups;
}

}  // namespace trunkline::scripting
