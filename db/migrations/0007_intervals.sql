-- Reports by 15 minutes, hours and days (…_interval_15m, _hour, _day), for agents, agent groups, queues, routing points and
-- strategies. Ask them with a condition on starts_at: each interval then reads its own rows by their indexes.
--
-- What began in an interval counts there, with all that came of it (an offer answered in the next one, its texts). Seconds
-- in agent states are cut at the edges, so that an agent's seconds of an hour add up to what that hour had.

-- The state in which an interval begins is the last one that began before it.
DROP INDEX reporting.agent_state_session_id_idx;
CREATE INDEX ON reporting.agent_state (session_id, started_at);
CREATE INDEX agent_session_span ON reporting.agent_session USING gist
    (tstzrange(logged_in_at, CASE WHEN logged_out_at >= logged_in_at THEN logged_out_at END, '[]'));

-- Runs as its owner: who reads reports has no rights in schema config.
CREATE FUNCTION reporting.intervals(width text) RETURNS TABLE (tenant text, starts_at timestamptz, ends_at timestamptz)
    STABLE SECURITY DEFINER SET search_path = reporting, pg_temp ROWS 1000 LANGUAGE sql AS $$
    WITH zone AS (SELECT t.name, coalesce(t.timezone, 'UTC') AS is FROM config.tenant AS t),
    history AS (SELECT least((SELECT min(i.started_at) FROM reporting.interaction AS i),
                             (SELECT min(s.logged_in_at) FROM reporting.agent_session AS s)) AS begins)
    SELECT zone.name, at, at + interval '15 minutes' FROM zone, history,
        generate_series(date_bin('15 minutes', history.begins, '2000-01-01 00:00+00'), now(), interval '15 minutes') AS at
        WHERE width = '15m'
    UNION ALL
    SELECT zone.name, at, at + interval '1 hour' FROM zone, history,
        generate_series(date_trunc('hour', history.begins, zone.is), now(), interval '1 hour') AS at
        WHERE width = 'hour'
    UNION ALL
    SELECT zone.name, day AT TIME ZONE zone.is, (day + interval '1 day') AT TIME ZONE zone.is FROM zone, history,
        generate_series(date_trunc('day', history.begins AT TIME ZONE zone.is), now() AT TIME ZONE zone.is, interval '1 day') AS day
        WHERE width = 'day'
$$;
COMMENT ON FUNCTION reporting.intervals IS
    'The intervals of the history by tenant: 15m (UTC), hour or day (in the tenant''s time zone)';

CREATE FUNCTION reporting.group_members() RETURNS TABLE (tenant text, agent_group text, agent text)
    STABLE SECURITY DEFINER SET search_path = reporting, pg_temp LANGUAGE sql AS $$
    SELECT m.tenant, m.agent_group, m.person FROM config.agent_group_member AS m
    UNION ALL
    SELECT g.tenant, g.name, p.user_name FROM config.agent_group AS g
        JOIN config.person AS p ON p.tenant = g.tenant
        LEFT JOIN LATERAL (SELECT jsonb_object_agg(s.skill, s.level) AS levels FROM config.person_skill AS s
                           WHERE s.tenant = p.tenant AND s.person = p.user_name) AS skills ON true
        WHERE p.is_agent AND config.is_skill_expression(g.script)
          AND config.skill_expression_holds(g.script, coalesce(skills.levels, '{}'))
$$;
COMMENT ON FUNCTION reporting.group_members IS 'Who is in which agent group as the configuration stands now, virtual groups included';

-- Seconds within which an answer counts for the service level: SET trunkline.service_level_s = 30 says otherwise.
CREATE FUNCTION reporting.service_level_s() RETURNS double precision STABLE LANGUAGE sql AS
$$ SELECT coalesce(nullif(current_setting('trunkline.service_level_s', true), '')::double precision, 20) $$;
COMMENT ON FUNCTION reporting.service_level_s IS 'The threshold of the service level: 20 seconds, or the session''s trunkline.service_level_s';

-- One row for each thing that is counted; figures are made of them by the views.
CREATE TYPE reporting.fact AS (
    switch text, object text, dn text, media text,
    offered integer, accepted integer, abandoned integer, distributed integer, default_routed integer,
    answer_s double precision, handle_s double precision, hold_s double precision, wrap_up_s double precision,
    abandon_s double precision, messages_in bigint, messages_out bigint,
    ready_s double precision, not_ready_s double precision, busy_s double precision, after_call_work_s double precision,
    legal_guard_s double precision);
COMMENT ON TYPE reporting.fact IS 'What the interval views count: an offer, an interaction, a stay in a queue, a piece of a stay in an agent state';

-- The functions of facts have a search_path of their own so that they stay functions: dissolved into the views they would be
-- joined with all intervals at once, by reading all of history.

-- The agents of one interaction together: when the first answered, how long they had it, what they wrote down after it.
CREATE FUNCTION reporting.work_on(interaction uuid, began timestamptz,
    OUT answered_at timestamptz, OUT handle_s double precision, OUT hold_s double precision, OUT wrap_up_s double precision)
    STABLE LANGUAGE sql AS $$
    SELECT min(p.answered_at), sum(coalesce(p.talk_s, extract(epoch FROM now() - p.answered_at)) + coalesce(p.hold_s, 0) + coalesce(w.seconds, 0)),
           sum(coalesce(p.hold_s, 0)), sum(w.seconds)
    FROM reporting.party AS p
    LEFT JOIN LATERAL (SELECT extract(epoch FROM coalesce(a.ended_at, now()) - a.started_at)::double precision AS seconds
                       FROM reporting.agent_state AS a WHERE a.agent = p.agent AND a.started_at = p.left_at AND a.dn = p.dn
                         AND a.state = 'AfterCallWork' LIMIT 1) AS w ON true
    WHERE p.interaction_id = interaction AND p.joined_at >= began AND p.role = 'agent' AND p.answered_at IS NOT NULL
$$;
COMMENT ON FUNCTION reporting.work_on IS 'When agents answered an interaction and how long they were busy with it; all NULL where nobody answered';

CREATE FUNCTION reporting.interaction_facts(from_time timestamptz, to_time timestamptz, in_tenant text, by_strategy boolean)
    RETURNS SETOF reporting.fact STABLE SET search_path = reporting, pg_temp LANGUAGE sql AS $$
    SELECT i.switch, CASE WHEN by_strategy THEN i.strategy ELSE i.routing_point END, NULL, i.media,
           1, (w.answered_at IS NOT NULL)::integer, (i.outcome = 'abandoned')::integer,
           (w.answered_at IS NOT NULL AND i.outcome IS DISTINCT FROM 'default_routed')::integer, (i.outcome = 'default_routed')::integer,
           extract(epoch FROM w.answered_at - i.started_at), w.handle_s, w.hold_s, w.wrap_up_s,
           CASE WHEN i.outcome = 'abandoned' THEN extract(epoch FROM i.ended_at - i.started_at) END,
           m.ins, m.outs, 0, 0, 0, 0, 0
    FROM reporting.interaction AS i
    CROSS JOIN LATERAL reporting.work_on(i.id, i.started_at) AS w
    CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE m.direction = 'in') AS ins, count(*) FILTER (WHERE m.direction IN ('out', 'system')) AS outs
                        FROM reporting.message AS m WHERE m.interaction_id = i.id AND m.at >= i.started_at) AS m
    WHERE i.started_at >= from_time AND i.started_at < to_time AND i.tenant = in_tenant
      AND CASE WHEN by_strategy THEN i.strategy ELSE i.routing_point END IS NOT NULL
$$;
COMMENT ON FUNCTION reporting.interaction_facts IS 'A fact for each interaction that began in the interval, by its routing point or its strategy';

CREATE FUNCTION reporting.queue_facts(from_time timestamptz, to_time timestamptz, in_tenant text)
    RETURNS SETOF reporting.fact STABLE SET search_path = reporting, pg_temp LANGUAGE sql AS $$
    SELECT q.switch, q.queue, NULL, i.media,
           1, (q.outcome = 'distributed')::integer, (q.outcome = 'abandoned')::integer, (q.outcome = 'distributed')::integer,
           (i.outcome = 'default_routed')::integer,
           CASE WHEN q.outcome = 'distributed' THEN extract(epoch FROM q.left_at - q.entered_at) END,
           CASE WHEN q.outcome = 'distributed' THEN w.handle_s END, CASE WHEN q.outcome = 'distributed' THEN w.hold_s END,
           CASE WHEN q.outcome = 'distributed' THEN w.wrap_up_s END,
           CASE WHEN q.outcome = 'abandoned' THEN extract(epoch FROM q.left_at - q.entered_at) END,
           m.ins, m.outs, 0, 0, 0, 0, 0
    FROM reporting.queue_stay AS q
    JOIN LATERAL (SELECT i.* FROM reporting.interaction AS i WHERE i.id = q.interaction_id AND i.started_at <= q.entered_at LIMIT 1) AS i ON true
    CROSS JOIN LATERAL reporting.work_on(i.id, i.started_at) AS w
    CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE m.direction = 'in') AS ins, count(*) FILTER (WHERE m.direction IN ('out', 'system')) AS outs
                        FROM reporting.message AS m WHERE m.interaction_id = i.id AND m.at >= q.entered_at
                          AND m.at <= coalesce(q.left_at, now())) AS m
    WHERE q.entered_at >= from_time AND q.entered_at < to_time AND q.tenant = in_tenant AND q.kind <> 'routing_point'
$$;
COMMENT ON FUNCTION reporting.queue_facts IS 'A fact for each stay in a queue or virtual queue that began in the interval; its texts are those written while it waited';

CREATE FUNCTION reporting.agent_facts(from_time timestamptz, to_time timestamptz, in_tenant text)
    RETURNS SETOF reporting.fact STABLE SET search_path = reporting, pg_temp LANGUAGE sql AS $$
    SELECT p.switch, p.agent, p.dn, i.media,
           1, (p.answered_at IS NOT NULL)::integer, (p.cause = 'abandoned')::integer,
           (p.answered_at IS NOT NULL AND i.outcome IS DISTINCT FROM 'default_routed')::integer, (i.outcome = 'default_routed')::integer,
           extract(epoch FROM p.answered_at - p.joined_at),
           CASE WHEN p.answered_at IS NOT NULL
                THEN coalesce(p.talk_s, extract(epoch FROM now() - p.answered_at)) + coalesce(p.hold_s, 0) + coalesce(w.seconds, 0) END,
           CASE WHEN p.answered_at IS NOT NULL THEN coalesce(p.hold_s, 0) END, w.seconds,
           CASE WHEN p.cause = 'abandoned' THEN extract(epoch FROM p.left_at - p.joined_at) END,
           m.ins, m.outs, 0, 0, 0, 0, 0
    FROM reporting.party AS p
    JOIN LATERAL (SELECT i.* FROM reporting.interaction AS i WHERE i.id = p.interaction_id AND i.started_at <= p.joined_at LIMIT 1) AS i ON true
    LEFT JOIN LATERAL (SELECT extract(epoch FROM coalesce(a.ended_at, now()) - a.started_at)::double precision AS seconds
                       FROM reporting.agent_state AS a WHERE a.agent = p.agent AND a.started_at = p.left_at AND a.dn = p.dn
                         AND a.state = 'AfterCallWork' AND p.answered_at IS NOT NULL LIMIT 1) AS w ON true
    CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE m.direction = 'in') AS ins,
                               count(*) FILTER (WHERE m.direction = 'out' AND m.from_dn = p.dn) AS outs
                        FROM reporting.message AS m WHERE m.interaction_id = p.interaction_id AND m.at >= p.answered_at
                          AND m.at <= coalesce(p.left_at, now())) AS m
    WHERE p.joined_at >= from_time AND p.joined_at < to_time AND p.tenant = in_tenant AND p.role = 'agent' AND p.agent IS NOT NULL
    UNION ALL
    SELECT s.switch, s.agent, s.dn, coalesce(s.media, 'chat'), 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, 0, 0,
           CASE WHEN s.state = 'Ready' THEN s.seconds ELSE 0 END, CASE WHEN s.state = 'NotReady' THEN s.seconds ELSE 0 END,
           CASE WHEN s.state = 'Busy' THEN s.seconds ELSE 0 END, CASE WHEN s.state = 'AfterCallWork' THEN s.seconds ELSE 0 END,
           CASE WHEN s.state = 'LegalGuard' THEN s.seconds ELSE 0 END
    FROM (SELECT piece.*, extract(epoch FROM least(coalesce(piece.ended_at, now()), to_time) - greatest(piece.started_at, from_time))::double precision AS seconds
          FROM (SELECT a.switch, a.agent, a.dn, a.media, a.state, a.started_at, a.ended_at FROM reporting.agent_state AS a
                WHERE a.started_at >= from_time AND a.started_at < to_time AND a.tenant = in_tenant
                UNION ALL
                SELECT last.switch, last.agent, last.dn, last.media, last.state, last.started_at, last.ended_at
                FROM reporting.agent_session AS g
                CROSS JOIN LATERAL (SELECT a.* FROM reporting.agent_state AS a WHERE a.session_id = g.seq AND a.started_at < from_time
                                    ORDER BY a.started_at DESC LIMIT 1) AS last
                WHERE tstzrange(g.logged_in_at, CASE WHEN g.logged_out_at >= g.logged_in_at THEN g.logged_out_at END, '[]') @> from_time
                  AND g.tenant = in_tenant AND coalesce(last.ended_at, now()) > from_time) AS piece) AS s
$$;
COMMENT ON FUNCTION reporting.agent_facts IS 'A fact for each offer to an agent that began in the interval, and one for each piece of a stay in an agent state in it';

DO $$
DECLARE
    counted constant text := 'sum(f.offered) AS offered, sum(f.accepted) AS accepted, sum(f.abandoned) AS abandoned, '
        'sum(f.distributed) AS distributed, sum(f.default_routed) AS default_routed, '
        'avg(f.answer_s) AS avg_speed_of_answer_s, max(f.answer_s) AS max_speed_of_answer_s, '
        'avg(f.handle_s) AS avg_handle_s, max(f.handle_s) AS max_handle_s, avg(f.hold_s) AS avg_hold_s, max(f.hold_s) AS max_hold_s, '
        'avg(f.wrap_up_s) AS avg_wrap_up_s, max(f.wrap_up_s) AS max_wrap_up_s, '
        'avg(f.abandon_s) AS avg_time_to_abandon_s, max(f.abandon_s) AS max_time_to_abandon_s, '
        'count(*) FILTER (WHERE f.answer_s <= reporting.service_level_s())::double precision / nullif(sum(f.offered), 0) AS service_level, '
        'sum(f.messages_in)::bigint AS messages_in, sum(f.messages_out)::bigint AS messages_out';
    states constant text := ', sum(f.ready_s) AS ready_s, sum(f.not_ready_s) AS not_ready_s, sum(f.busy_s) AS busy_s, '
        'sum(f.after_call_work_s) AS after_call_work_s, sum(f.legal_guard_s) AS legal_guard_s, '
        'sum(f.busy_s + f.after_call_work_s) / nullif(sum(f.ready_s + f.busy_s + f.after_call_work_s + f.legal_guard_s), 0) AS occupancy';
    kind record;
    width record;
    name text;
    bare record;
BEGIN
    FOR kind IN SELECT * FROM (VALUES
        ('agent', 'f.switch, f.object AS agent, f.dn, f.media', 'reporting.agent_facts(i.starts_at, i.ends_at, i.tenant) AS f', true, 'agents'),
        ('agent_group', 'g.agent_group, f.media', 'reporting.agent_facts(i.starts_at, i.ends_at, i.tenant) AS f '
            'JOIN reporting.group_members() AS g ON g.tenant = i.tenant AND g.agent = f.object', true, 'agent groups, of the members that they have now'),
        ('queue', 'f.switch, f.object AS queue, f.media', 'reporting.queue_facts(i.starts_at, i.ends_at, i.tenant) AS f', false, 'queues and virtual queues'),
        ('routing_point', 'f.switch, f.object AS routing_point, f.media', 'reporting.interaction_facts(i.starts_at, i.ends_at, i.tenant, false) AS f', false, 'routing points'),
        ('strategy', 'f.object AS strategy, f.media', 'reporting.interaction_facts(i.starts_at, i.ends_at, i.tenant, true) AS f', false, 'strategies')
        ) AS k(name, columns, facts, of_agents, words)
    LOOP
        FOR width IN SELECT * FROM (VALUES ('15m', '15 minutes (UTC)'), ('hour', 'hours of the tenant''s time zone'),
                                           ('day', 'days of the tenant''s time zone')) AS w(name, words) LOOP
            name := kind.name || '_interval_' || width.name;
            EXECUTE format('CREATE VIEW reporting.%I AS SELECT i.starts_at, i.ends_at, i.tenant, %s, %s FROM reporting.intervals(%L) AS i '
                'CROSS JOIN LATERAL %s GROUP BY %s', name, kind.columns, counted || CASE WHEN kind.of_agents THEN states ELSE '' END,
                width.name, kind.facts, 'i.starts_at, i.ends_at, i.tenant, ' || regexp_replace(kind.columns, ' AS \w+', '', 'g'));
            EXECUTE format('COMMENT ON VIEW reporting.%I IS %L', name, 'Figures of ' || kind.words || ' by ' || width.words);
        END LOOP;
    END LOOP;
    FOR bare IN SELECT c.relname, a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
        WHERE c.relnamespace = 'reporting'::regnamespace AND c.relkind = 'v' AND c.relname ~ '_interval_(15m|hour|day)$'
    LOOP
        EXECUTE format('COMMENT ON COLUMN reporting.%I.%I IS %L', bare.relname, bare.attname, CASE bare.attname
            WHEN 'starts_at' THEN 'Where the interval begins; ask for a range of it'
            WHEN 'ends_at' THEN 'Where it ends, and the next begins'
            WHEN 'tenant' THEN 'Name of the tenant'
            WHEN 'switch' THEN 'Name of the switch that the numbers belong to'
            WHEN 'agent' THEN 'The agent''s user_name'
            WHEN 'dn' THEN 'The number where the agent was; one row for each'
            WHEN 'agent_group' THEN 'Name of the agent group'
            WHEN 'queue' THEN 'Number of the queue'
            WHEN 'routing_point' THEN 'Number of the routing point'
            WHEN 'strategy' THEN 'Name of the strategy'
            WHEN 'media' THEN 'chat or voice'
            WHEN 'offered' THEN 'What came: interactions, stays in the queue, offers to the agent'
            WHEN 'accepted' THEN 'Those that an agent answered'
            WHEN 'abandoned' THEN 'Those that the customer left before an answer'
            WHEN 'distributed' THEN 'Those that routing brought to an agent who answered'
            WHEN 'default_routed' THEN 'Those of interactions that default routing placed'
            WHEN 'service_level' THEN 'Share of what was offered that was answered within 20 s (or trunkline.service_level_s of the session)'
            WHEN 'messages_in' THEN 'Texts of customers'
            WHEN 'messages_out' THEN 'Texts to customers; of an agent only his own'
            WHEN 'ready_s' THEN 'Seconds in state Ready, cut at the interval''s edges'
            WHEN 'not_ready_s' THEN 'Seconds in state NotReady, cut at the interval''s edges'
            WHEN 'busy_s' THEN 'Seconds with an established interaction, cut at the interval''s edges'
            WHEN 'after_call_work_s' THEN 'Seconds in state AfterCallWork, cut at the interval''s edges'
            WHEN 'legal_guard_s' THEN 'Seconds in state LegalGuard, cut at the interval''s edges'
            WHEN 'occupancy' THEN 'Share of busy and after-call work in the seconds that were not NotReady'
            ELSE CASE WHEN bare.attname LIKE 'avg%' THEN 'Average: ' ELSE 'Maximum: ' END || CASE substr(bare.attname, 5)
                WHEN 'speed_of_answer_s' THEN 'seconds until an answer'
                WHEN 'handle_s' THEN 'seconds from the answer to the end of after-call work, hold included'
                WHEN 'hold_s' THEN 'seconds on hold of what was answered'
                WHEN 'wrap_up_s' THEN 'seconds of after-call work, where there was one'
                ELSE 'seconds until the customer left' END END);
    END LOOP;
END $$;

-- ---- Retention ------------------------------------------------------------------------------------------------

CREATE FUNCTION reporting.drop_months_before(day date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    part record;
    dropped integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('reporting.ensure_month'));
    FOR part IN
        SELECT c.relname, p.relname AS parent, col.attname AS time_column FROM pg_class AS c
        JOIN pg_inherits AS i ON i.inhrelid = c.oid JOIN pg_class AS p ON p.oid = i.inhparent
        JOIN pg_partitioned_table AS t ON t.partrelid = p.oid
        JOIN pg_attribute AS col ON col.attrelid = p.oid AND col.attnum = t.partattrs[0]
        WHERE c.relnamespace = 'reporting_parts'::regnamespace AND p.relnamespace = 'reporting'::regnamespace ORDER BY 1
    LOOP
        IF part.relname ~ '_\d{4}_\d{2}$' THEN
            CONTINUE WHEN to_date(right(part.relname, 7), 'YYYY_MM') >= date_trunc('month', day);
            EXECUTE format('DROP TABLE reporting_parts.%I', part.relname);
            dropped := dropped + 1;
        ELSE
            EXECUTE format('DELETE FROM reporting_parts.%I WHERE %I < %L', part.relname, part.time_column,
                           date_trunc('month', day)::date || ' 00:00+00');
        END IF;
    END LOOP;
    RETURN dropped;
END $$;
COMMENT ON FUNCTION reporting.drop_months_before(date) IS
    'Drops the partitions of the months before the one that holds this day; returns how many. The report writer calls it where reporting.keep_months says so';
