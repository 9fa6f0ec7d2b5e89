// What the server says of itself as a whole: the status row for trunkctl and /api/v1/status, /healthz and
// /metrics. Pure functions of one reading.
#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "db/report/report_writer.hpp"
#include "engine/messages/views.hpp"
#include "engine/statistics/catalogue.hpp"

namespace trunkline::apps {

struct Reading {
    std::string node;  // how this server is called: node.name
    StatusRow engine;
    std::vector<AgentRow> agents;
    std::size_t connections = 0;   // T-Library, open
    std::vector<std::string> sip;  // where it listens
    std::string tlib, http;
    db::SpoolHealth spool;
    db::ReportWriterMetrics reports;
    double uptime = 0;                  // seconds
    std::vector<std::string> degraded;  // all reasons, the engine's included
};

/// An array of one flat object.
[[nodiscard]] boost::json::value status_rows(const Reading&);
/// An array of one flat object: object, type, tenant, statistic, value, unit.
[[nodiscard]] boost::json::value statistic_rows(const statistics::Answer&);
/// {"status": "ok"} or "degraded" with the reasons.
[[nodiscard]] std::string health_json(const Reading&);
/// Why a flush comes to nothing now, and what to do; "" while it may go on.
[[nodiscard]] std::string why_not_flushed(const db::ReportWriterMetrics&, bool took_too_long);
/// The Prometheus text format, version 0.0.4.
[[nodiscard]] std::string metrics_text(const Reading&);

}  // namespace trunkline::apps
