-- Who answered whom on a day, how long it rang and how long they talked.
-- $1: the day, as 2025-03-04 (default: today, UTC)
SELECT p.answered_at, p.agent, p.dn, i.customer, i.media,
       round(extract(epoch FROM p.answered_at - p.joined_at)::numeric, 1) AS rang_s,
       round(p.talk_s::numeric, 1) AS talk_s, coalesce(p.cause, 'going on') AS ended_by, i.id
FROM reporting.party p
JOIN LATERAL (SELECT * FROM reporting.interaction i WHERE i.id = p.interaction_id AND i.started_at <= p.joined_at LIMIT 1) i ON true
WHERE p.role = 'agent' AND p.answered_at IS NOT NULL
  AND p.joined_at >= coalesce($1::date, current_date) AND p.joined_at < coalesce($1::date, current_date) + 1
ORDER BY p.answered_at
