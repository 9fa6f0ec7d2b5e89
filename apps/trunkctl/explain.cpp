// Why each agent was or was not chosen. The decision record in the reports counts who was ruled out by what;
// the names come from a replay of the command log, in which the engine is told to name everybody.
#include <boost/json.hpp>
#include <ostream>

#include "adapters/http/target.hpp"
#include "apps/trunkctl/server_call.hpp"
#include "apps/trunkctl/table.hpp"
#include "apps/trunkctl/verbs.hpp"
#include "db/replay/player.hpp"

namespace trunkline::ctl {

namespace {

namespace json = boost::json;

json::value parsed(const std::string& text) {
    boost::system::error_code error;
    auto value = json::parse(text.empty() ? "null" : text, error);
    return error ? json::value(text) : value;
}

/// Picks the decisions about one interaction out of a replay.
class DecisionsOf {
  public:
    explicit DecisionsOf(const std::string& id) : uuid_(parse_call_uuid(id)), conn_id_(id) {}

    void look_at(const messages::Effects& effects) {
        for (const auto& effect : effects) {
            const auto* record = std::get_if<messages::WriteRecord>(&effect);
            if (record == nullptr) continue;
            if (const auto* started = std::get_if<records::InteractionStarted>(&record->record)) {
                if (!uuid_ && started->conn_id == conn_id_) uuid_ = started->id;
            } else if (const auto* decision = std::get_if<records::Decision>(&record->record)) {
                if (uuid_ && decision->interaction_id == uuid_) rows_.push_back(row_of(*decision));
            }
        }
    }
    [[nodiscard]] json::array take() { return std::move(rows_); }

  private:
    CallUuid uuid_;
    std::string conn_id_;
    json::array rows_;

    static json::object row_of(const records::Decision& decision) {
        return {{"strategy", decision.strategy},
                {"line", json::value_from(decision.line)},
                {"candidates", decision.candidates},
                {"winner", decision.winner},
                {"figure", json::value_from(decision.figure)},
                {"next_best", parsed(decision.next_best.is)},
                {"ruled_out", parsed(decision.ruled_out.is)}};
    }
};

json::array by_replay(const apps::fs::path& dir, const std::string& id) {
    DecisionsOf decisions(id);
    replay::ReplayOptions options;
    options.explain_all = true;
    options.watch = [&](const messages::Command&, TimePoint, const messages::Effects& effects) {
        decisions.look_at(effects);
    };
    (void)replay::replay(dir, options);
    return decisions.take();
}

json::array by_reports(const Call& call, const std::string& id) {
    json::array rows;
    const auto steps = get_from_server(call, "/api/v1/trace/" + http::percent_encode(id));
    for (const auto& step : steps.as_array())
        if (step.at("kind").as_string() == "decision") rows.push_back(step);
    return rows;
}

int run_explain(Call& call) {
    const auto& id = call.only_argument("ID");
    json::array rows;
    const auto& dir = call.settings.replay.dir;
    const bool recorded = dir && apps::fs::is_directory(*dir);
    if (recorded) rows = by_replay(*dir, id);
    if (rows.empty()) {
        rows = by_reports(call, id);
        if (!rows.empty() && !recorded)
            call.err
                << "note: without replay.dir the reports know how many were ruled out, not each by name\n";
    }
    if (rows.empty()) throw Failure("no routing decision was made for " + id);
    if (call.json) {
        call.out << json::serialize(rows) << '\n';
        return 0;
    }
    for (const auto& row : rows) {
        print_record(call.out, row.as_object());
        call.out << '\n';
    }
    return 0;
}

}  // namespace

Verb explain_verb() {
    Verb verb{"explain", "ID", "why each agent was or was not chosen, by name",
              "ID is the uuid, the CallUUID or the ConnID. Every decision of the interaction: who won by "
              "which figure, the next\n"
              "best, who was ruled out and by what. Names of all come from the command log (settings: "
              "replay.dir)."};
    verb.fewest_arguments = verb.most_arguments = 1;
    verb.add_options = add_server_options;
    verb.run = run_explain;
    return verb;
}

}  // namespace trunkline::ctl
