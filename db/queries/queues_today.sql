-- What each routing point and queue had on a day: how many came, how they left, how long they waited.
-- $1: the day, as 2025-03-04 (default: today, UTC)
SELECT q.queue, q.kind, count(*) AS entered,
       count(*) FILTER (WHERE q.outcome = 'distributed') AS distributed,
       count(*) FILTER (WHERE q.outcome = 'abandoned') AS abandoned,
       count(*) FILTER (WHERE q.outcome IN ('cleared', 'timeout')) AS cleared,
       count(*) FILTER (WHERE q.left_at IS NULL) AS waiting,
       round(avg(extract(epoch FROM q.left_at - q.entered_at))::numeric, 1) AS avg_wait_s,
       round(max(extract(epoch FROM coalesce(q.left_at, now()) - q.entered_at))::numeric, 1) AS max_wait_s
FROM reporting.queue_stay q
WHERE q.entered_at >= coalesce($1::date, current_date) AND q.entered_at < coalesce($1::date, current_date) + 1
GROUP BY q.queue, q.kind
ORDER BY q.queue
