#include "db/report/trace.hpp"

#include <algorithm>
#include <iterator>

#include "db/postgres/connection.hpp"

namespace trunkline::db {

namespace {

// What happened at a row's own seq.
constexpr const char* begins = R"(
SELECT seq, started_at AS at, 'interaction' AS kind,
       concat_ws(' ', 'begins:', media, 'from', customer, 'to', coalesce(routing_point, dnis)) AS what,
       NULL::text AS file, NULL::bigint AS line,
       concat_ws(', ', 'ConnID ' || conn_id, 'strategy ' || strategy, 'generation ' || generation, 'came from ' || parent_id) AS detail
FROM reporting.interaction WHERE id = $1::uuid
UNION ALL
SELECT seq, joined_at, 'party', concat_ws(' ', role, coalesce(agent, dn), 'joins'), NULL, NULL, 'at ' || dn
FROM reporting.party WHERE interaction_id = $1::uuid
UNION ALL
SELECT s.seq, s.at, 'party_state', concat_ws(' ', p.role, coalesce(p.agent, p.dn), 'is', s.state), NULL, NULL, NULL
FROM reporting.party_state s LEFT JOIN reporting.party p ON p.id = s.party_id AND p.interaction_id = s.interaction_id
WHERE s.interaction_id = $1::uuid
UNION ALL
SELECT seq, at, 'message', concat_ws(' ', direction, 'from', from_dn, '(' || status || ')'), NULL, NULL, text
FROM reporting.message WHERE interaction_id = $1::uuid
UNION ALL
SELECT seq, entered_at, 'queue_stay', concat_ws(' ', 'enters', kind, queue), NULL, NULL, NULL
FROM reporting.queue_stay WHERE interaction_id = $1::uuid
UNION ALL
SELECT seq, coalesce(ended_at, started_at), 'treatment',
       concat_ws(' ', name || ':', result, 'after', round(extract(epoch FROM ended_at - started_at)::numeric, 1) || ' s'),
       NULL, NULL, detail::text
FROM reporting.treatment WHERE interaction_id = $1::uuid
UNION ALL
SELECT seq, coalesce(selected_at, requested_at), 'route',
       concat_ws(' ', result || ':', coalesce(agent, target), 'at ' || dn), NULL, NULL, requested::text
FROM reporting.route WHERE interaction_id = $1::uuid
UNION ALL
SELECT seq, at, 'decision', concat_ws(' ', coalesce(winner, 'nobody'), 'of', candidates, 'candidates, figure ' || figure),
       strategy, line,
       concat_ws(', ', 'next best ' || next_best::text, 'ruled out ' || ruled_out::text, elapsed_us || ' us')
FROM reporting.decision WHERE interaction_id = $1::uuid
UNION ALL
SELECT seq, at, 'userdata', concat_ws(' ', change || ':', key), NULL, NULL, value
FROM reporting.userdata WHERE interaction_id = $1::uuid
UNION ALL
SELECT seq, at, 'trace_step', step, file, line, detail::text
FROM reporting.trace_step WHERE interaction_id = $1::uuid
ORDER BY seq)";

// What happened to a row later; its seq is of the begin, so the time says where it belongs.
constexpr const char* ends = R"(
SELECT * FROM (
SELECT seq, ended_at AS at, 'interaction' AS kind, 'ends: ' || coalesce(outcome, '') AS what,
       NULL::text AS file, NULL::bigint AS line, NULL::text AS detail
FROM reporting.interaction WHERE id = $1::uuid AND ended_at IS NOT NULL
UNION ALL
SELECT seq, answered_at, 'party', concat_ws(' ', role, coalesce(agent, dn), 'answers'), NULL, NULL, NULL
FROM reporting.party WHERE interaction_id = $1::uuid AND answered_at IS NOT NULL
UNION ALL
SELECT seq, left_at, 'party', concat_ws(' ', role, coalesce(agent, dn), 'leaves:', cause), NULL, NULL,
       concat_ws(', ', 'talked ' || round(talk_s::numeric, 1) || ' s', 'held ' || round(nullif(hold_s, 0)::numeric, 1) || ' s')
FROM reporting.party WHERE interaction_id = $1::uuid AND left_at IS NOT NULL
UNION ALL
SELECT seq, left_at, 'queue_stay', concat_ws(' ', 'leaves', kind, queue || ':', outcome), NULL, NULL,
       'after ' || round(extract(epoch FROM left_at - entered_at)::numeric, 1) || ' s'
FROM reporting.queue_stay WHERE interaction_id = $1::uuid AND left_at IS NOT NULL
) happened ORDER BY at, (kind = 'interaction'), seq)";

std::vector<TraceEntry> entries(Connection& connection, const char* sql, const std::string& uuid) {
    const auto rows = connection.run(sql, {uuid});
    std::vector<TraceEntry> result;
    for (int row = 0; row < rows.size(); ++row) {
        auto& entry = result.emplace_back();
        entry.seq = std::stoll(std::string(rows.at(row, 0)));
        entry.at = rows.at(row, 1);
        entry.kind = rows.at(row, 2);
        entry.what = rows.at(row, 3);
        entry.file = rows.at(row, 4);
        if (!rows.is_null(row, 5)) entry.line = std::stoll(std::string(rows.at(row, 5)));
        entry.detail = rows.at(row, 6);
    }
    return result;
}

}  // namespace

std::vector<TraceEntry> read_trace(const std::string& dsn, const std::string& id) {
    Connection connection(dsn);
    if (id.empty()) return {};
    // One snapshot for both: an end is never shown without its begin.
    connection.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const auto found = connection.run("SELECT reporting.interaction_id($1)", {id});
    if (found.is_null(0, 0)) return {};
    const std::string uuid(found.at(0, 0));
    auto first = entries(connection, begins, uuid);
    auto last = entries(connection, ends, uuid);
    // By seq; an end comes before the first entry that is later than it. PostgreSQL prints a fraction without
    // its last zeros, and the texts still sort as the times do: '+' (of the zone) < '.' < digits.
    std::vector<TraceEntry> merged;
    auto end = last.begin();
    for (auto& entry : first) {
        while (end != last.end() && end->at < entry.at) merged.push_back(std::move(*end++));
        merged.push_back(std::move(entry));
    }
    std::move(end, last.end(), std::back_inserter(merged));
    return merged;
}

}  // namespace trunkline::db
