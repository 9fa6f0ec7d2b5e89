-- The interactions of a day, the latest first.
-- $1: the day, as 2025-03-04 (default: today, UTC)
SELECT i.started_at, i.media, i.customer, i.routing_point, i.strategy, coalesce(i.outcome, 'going on') AS outcome,
       round(extract(epoch FROM coalesce(i.ended_at, now()) - i.started_at)::numeric, 1) AS seconds,
       (SELECT string_agg(DISTINCT p.agent, ', ') FROM reporting.party p
        WHERE p.interaction_id = i.id AND p.answered_at IS NOT NULL AND p.agent IS NOT NULL) AS agents,
       i.conn_id, i.id
FROM reporting.interaction i
WHERE i.started_at >= coalesce($1::date, current_date) AND i.started_at < coalesce($1::date, current_date) + 1
ORDER BY i.started_at DESC
