#include "apps/trunklined/status_view.hpp"

#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <map>

namespace trunkline::apps {

namespace {

namespace json = boost::json;

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
    std::string text;
    for (const auto& part : parts) text += (text.empty() ? "" : std::string(between)) + part;
    return text;
}

struct Metric {
    std::string_view name, type, help;
    double value;
};

std::string number(double value) {
    char text[40];
    return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

void append(std::string& out, const Metric& metric) {
    out += "# HELP " + std::string(metric.name) + ' ' + std::string(metric.help) + "\n# TYPE " +
           std::string(metric.name) + ' ' + std::string(metric.type) + '\n' + std::string(metric.name) + ' ' +
           number(metric.value) + '\n';
}

}  // namespace

json::value status_rows(const Reading& reading) {
    json::object row{{"node", reading.node},
                     {"status", reading.degraded.empty() ? "ok" : "degraded"},
                     {"degraded", joined(reading.degraded, "; ")}};
    const auto engine = json::value_from(reading.engine);
    for (const auto& item : engine.get_object())
        if (item.key() != "degraded") row[item.key()] = item.value();
    row["connections"] = reading.connections;
    row["spool_rows"] = reading.spool.rows_waiting;
    row["spool_bytes"] = reading.spool.bytes;
    row["database"] = reading.reports.connected ? "connected" : "away";
    row["sip"] = joined(reading.sip, ", ");
    row["tlib"] = reading.tlib;
    row["http"] = reading.http;
    row["uptime_seconds"] = static_cast<std::int64_t>(reading.uptime);
    return json::array{std::move(row)};
}

json::value statistic_rows(const statistics::Answer& answer) {
    json::object row{{"object", answer.object}, {"type", answer.type},
                     {"tenant", answer.tenant}, {"statistic", answer.statistic->name},
                     {"value", nullptr},        {"unit", answer.statistic->unit}};
    if (const auto* count = std::get_if<std::int64_t>(&answer.value)) row["value"] = *count;
    if (const auto* number = std::get_if<double>(&answer.value))
        row["value"] = std::round(*number * 1000) / 1000;
    if (const auto* word = std::get_if<std::string>(&answer.value)) row["value"] = *word;
    return json::array{std::move(row)};
}

std::string health_json(const Reading& reading) {
    json::object body{{"status", reading.degraded.empty() ? "ok" : "degraded"}};
    if (!reading.degraded.empty()) body["why"] = json::value_from(reading.degraded);
    return json::serialize(body);
}

std::string why_not_flushed(const db::ReportWriterMetrics& reports, bool took_too_long) {
    const auto rows = std::to_string(reports.rows_waiting) + " rows wait in the spool and follow";
    if (!reports.error.empty() && reports.rows_waiting > 0)
        return "PostgreSQL is away: " + rows + " when it is back. " + reports.error;
    if (took_too_long)
        return "PostgreSQL is slow or not reached yet: " + rows + "; try again, and see trunkctl status";
    return {};
}

std::string metrics_text(const Reading& reading) {
    const auto& engine = reading.engine;
    const std::array metrics{
        Metric{"trunkline_interactions_total", "counter", "Interactions begun since start.",
               double(engine.interactions_total)},
        Metric{"trunkline_interactions", "gauge", "Live interactions.", double(engine.interactions)},
        Metric{"trunkline_waiting", "gauge", "Interactions that wait for an agent.", double(engine.waiting)},
        Metric{"trunkline_texts_total", "counter", "Texts in and out since start.",
               double(engine.texts_total)},
        Metric{"trunkline_commands_total", "counter", "Commands that the engine handled since start.",
               double(engine.commands_total)},
        Metric{"trunkline_script_errors_total", "counter", "Runs of a script that failed since start.",
               double(engine.script_errors_total)},
        Metric{
            "trunkline_reconciled_total", "counter",
            "Busy states without a live cause that the reconciler ended; anything but 0 is worth a report.",
            double(engine.reconciled_total)},
        Metric{"trunkline_reservations", "gauge", "Offers to agents that are not answered yet.",
               double(engine.reservations)},
        Metric{"trunkline_generation", "gauge", "Generation of scripts in force.", double(engine.generation)},
        Metric{"trunkline_generations_live", "gauge", "Generations of scripts that still have a run.",
               double(engine.generations_live)},
        Metric{"trunkline_config_revision", "gauge", "Revision of the configuration in force.",
               double(engine.config_revision)},
        Metric{"trunkline_tlib_connections", "gauge", "Open T-Library connections.",
               double(reading.connections)},
        Metric{"trunkline_spool_rows", "gauge", "Rows in the spool that are not in PostgreSQL yet.",
               double(reading.spool.rows_waiting)},
        Metric{"trunkline_spool_bytes", "gauge", "Bytes that the spool holds on disk.",
               double(reading.spool.bytes)},
        Metric{"trunkline_rows_written_total", "counter", "Rows written to PostgreSQL since start.",
               double(reading.reports.rows_written)},
        Metric{"trunkline_rows_refused_total", "counter",
               "Rows that PostgreSQL refused, put aside since start.", double(reading.reports.rows_refused)},
        Metric{"trunkline_database_connected", "gauge", "1 while the report writer is connected.",
               reading.reports.connected ? 1.0 : 0.0},
        Metric{"trunkline_degraded", "gauge", "1 while the server is not whole; /healthz says why.",
               reading.degraded.empty() ? 0.0 : 1.0},
        Metric{"trunkline_uptime_seconds", "gauge", "Seconds since start.", reading.uptime},
    };
    std::string out;
    for (const auto& metric : metrics) append(out, metric);
    std::map<std::string, int> by_state;
    for (const auto& agent : reading.agents) ++by_state[agent.state];
    out += "# HELP trunkline_agents Agents logged in, by state.\n# TYPE trunkline_agents gauge\n";
    for (const auto* state : {"Ready", "NotReady", "AfterCallWork", "LegalGuard", "Busy"})
        out += "trunkline_agents{state=\"" + std::string(state) + "\"} " + std::to_string(by_state[state]) +
               '\n';
    return out;
}

}  // namespace trunkline::apps
