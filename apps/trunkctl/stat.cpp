// stat: one live statistic of one object; --list names all of them.
#include <boost/json.hpp>
#include <ostream>

#include "adapters/http/target.hpp"
#include "apps/trunkctl/server_call.hpp"
#include "apps/trunkctl/table.hpp"
#include "apps/trunkctl/verbs.hpp"
#include "engine/statistics/catalogue.hpp"

namespace trunkline::ctl {

namespace {

namespace json = boost::json;

void print(Call& call, json::array rows) {
    if (call.json) {
        call.out << json::serialize(rows) << '\n';
        return;
    }
    for (auto& row : rows)  // a table leaves out what is empty
        if (auto* value = row.as_object().if_contains("value"); value != nullptr && value->is_null())
            *value = "unknown";
    print_table(call.out, rows, "");
}

int list_statistics(Call& call) {
    json::array rows;
    for (const auto& row : statistics::catalogue()) {
        std::string others;
        for (const std::string_view name : row.other_names)
            if (!name.empty()) others += (others.empty() ? "" : ", ") + std::string(name);
        rows.push_back(json::object{{"statistic", row.name},
                                    {"of", to_text(row.about)},
                                    {"unit", row.unit},
                                    {"meaning", row.meaning},
                                    {"other_names", others}});
    }
    print(call, rows);
    return 0;
}

int show(Call& call) {
    if (call.has("list")) return list_statistics(call);
    if (call.arguments.size() != 2)
        throw UsageError(
            "stat takes an object and a statistic: trunkctl stat queue:VQ_billing CurrNumberWaitingCalls");
    std::string target = "/api/v1/stat?object=" + http::percent_encode(call.arguments[0]) +
                         "&statistic=" + http::percent_encode(call.arguments[1]);
    if (call.has("tenant")) target += "&tenant=" + http::percent_encode(call.text("tenant"));
    print(call, get_from_server(call, target).as_array());
    return 0;
}

}  // namespace

Verb stat_verb() {
    Verb verb{"stat",
              "OBJECT STATISTIC",
              "one live statistic of an agent, a group, a queue",
              "OBJECT is a name or type:name (dn, queue, agent, group, place, place_group, skill, tenant), "
              "STATISTIC its\n"
              "name in Stat Server. Sums count from midnight of the tenant's clocks, or from the start of "
              "the server.\n"
              "  trunkctl stat queue:VQ_billing CurrNumberWaitingCalls\n"
              "  trunkctl stat agent:ann CurrentAgentState\n"
              "  trunkctl stat 'skill:billing >= 5' CurrentReadyAgents",
              0,
              2};
    verb.add_options = [](po::options_description& options) {
        add_server_options(options);
        options.add_options()("list", "name all statistics; asks no server")(
            "tenant", po::value<std::string>()->value_name("NAME"),
            "where several tenants have such an object");
    };
    verb.run = show;
    verb.needs_settings = false;  // --list
    return verb;
}

}  // namespace trunkline::ctl
