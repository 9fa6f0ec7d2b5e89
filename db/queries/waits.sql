-- Who waited how long on a day, the longest first; whom nobody answered waited until the end.
-- $1: the day, as 2025-03-04 (default: today, UTC)
SELECT i.started_at, i.customer, i.routing_point, a.agent AS answered_by,
       round(extract(epoch FROM coalesce(a.answered_at, i.ended_at, now()) - i.started_at)::numeric, 1) AS waited_s,
       coalesce(i.outcome, 'going on') AS outcome, i.id
FROM reporting.interaction i
LEFT JOIN LATERAL (
    SELECT p.agent, p.answered_at FROM reporting.party p
    WHERE p.interaction_id = i.id AND p.role = 'agent' AND p.answered_at IS NOT NULL AND p.joined_at >= i.started_at
    ORDER BY p.answered_at LIMIT 1) a ON true
WHERE i.started_at >= coalesce($1::date, current_date) AND i.started_at < coalesce($1::date, current_date) + 1
ORDER BY waited_s DESC, i.started_at
