#include <boost/json.hpp>
#include <ostream>

#include "adapters/http/target.hpp"
#include "apps/trunkctl/server_call.hpp"
#include "apps/trunkctl/table.hpp"
#include "apps/trunkctl/verbs.hpp"

namespace trunkline::ctl {

namespace {

namespace json = boost::json;

/// For people: time of day is enough, and file with line is one word.
json::array for_people(const json::array& steps) {
    json::array rows;
    for (const auto& step : steps) {
        const auto& object = step.as_object();
        json::object row;
        for (const auto& item : object) {
            if (item.key() == "seq" || item.key() == "line") continue;
            if (item.key() == "file") {
                auto place = cell_text(item.value());
                const auto* line = object.if_contains("line");
                if (!place.empty() && line != nullptr && !line->is_null()) place += ":" + cell_text(*line);
                row["where"] = place;
            } else {
                row[item.key()] = item.value();
            }
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

int run_trace(Call& call) {
    const auto id = http::percent_encode(call.only_argument("ID"));
    const auto steps = get_from_server(call, "/api/v1/trace/" + id);
    if (call.json)
        call.out << json::serialize(steps) << '\n';
    else
        print_table(call.out, for_people(steps.as_array()), "nothing is recorded");
    return 0;
}

}  // namespace

Verb trace_verb() {
    Verb verb{
        "trace", "ID", "one interaction's life, step by step",
        "ID is the uuid, the CallUUID or the ConnID. Shows every step of its strategy with file and line, "
        "every text,\n"
        "queue, route and change of data, with times.   Find ids with: trunkctl interactions, trunkctl sql"};
    verb.fewest_arguments = verb.most_arguments = 1;
    verb.add_options = add_server_options;
    verb.run = run_trace;
    return verb;
}

}  // namespace trunkline::ctl
