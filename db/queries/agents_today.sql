-- What each agent did on a day, by media: seconds in each state, offers, answers and talk.
-- $1: the day, as 2025-03-04 (default: today, UTC)
WITH day AS (
    SELECT coalesce($1::date, current_date)::timestamptz AS starts, (coalesce($1::date, current_date) + 1)::timestamptz AS ends
), stays AS (
    -- Cut at the day's edges. A stay may have begun the day before; older ones that still last are found too.
    SELECT s.agent, coalesce(s.media, 'chat') AS media, s.state,
           extract(epoch FROM least(coalesce(s.ended_at, now()), day.ends) - greatest(s.started_at, day.starts)) AS seconds
    FROM reporting.agent_state s, day
    WHERE s.started_at < day.ends
      AND (s.started_at >= day.starts - interval '1 day' OR s.ended_at IS NULL)
      AND coalesce(s.ended_at, now()) > day.starts
), states AS (
    SELECT agent, media,
           round(sum(seconds)::numeric) AS logged_in_s,
           round(coalesce(sum(seconds) FILTER (WHERE state = 'Ready'), 0)::numeric) AS ready_s,
           round(coalesce(sum(seconds) FILTER (WHERE state = 'NotReady'), 0)::numeric) AS not_ready_s,
           round(coalesce(sum(seconds) FILTER (WHERE state = 'Busy'), 0)::numeric) AS busy_s,
           round(coalesce(sum(seconds) FILTER (WHERE state IN ('AfterCallWork', 'LegalGuard')), 0)::numeric) AS after_work_s
    FROM stays GROUP BY agent, media
), talks AS (
    SELECT p.agent, i.media, count(*) AS offered, count(p.answered_at) AS answered,
           round(avg(extract(epoch FROM p.answered_at - p.joined_at))::numeric, 1) AS avg_answer_s,
           round(avg(p.talk_s)::numeric, 1) AS avg_talk_s
    FROM day, reporting.party p
    JOIN LATERAL (SELECT i.media FROM reporting.interaction i
                  WHERE i.id = p.interaction_id AND i.started_at <= p.joined_at LIMIT 1) i ON true
    WHERE p.role = 'agent' AND p.agent IS NOT NULL AND p.joined_at >= day.starts AND p.joined_at < day.ends
    GROUP BY p.agent, i.media
)
SELECT coalesce(states.agent, talks.agent) AS agent, coalesce(states.media, talks.media) AS media, logged_in_s, ready_s, not_ready_s, busy_s, after_work_s,
       coalesce(offered, 0) AS offered, coalesce(answered, 0) AS answered, avg_answer_s, avg_talk_s
FROM states FULL JOIN talks ON talks.agent = states.agent AND talks.media = states.media
ORDER BY 1, 2
