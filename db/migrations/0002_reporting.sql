-- What happened, for people who ask in SQL. Rows are written by the
-- engine's report writer only. Times are UTC. Big tables are partitioned by the month of the time in their key; the
-- partitions live in a schema of their own, so that `reporting` shows the public tables and nothing else.
CREATE SCHEMA reporting;
CREATE SCHEMA reporting_parts;
CREATE SCHEMA IF NOT EXISTS script;
COMMENT ON SCHEMA reporting IS 'What happened: one row per interaction, party, text, queue stay, decision and so on';
COMMENT ON SCHEMA reporting_parts IS 'Monthly partitions of the tables of schema reporting; ask those, not these';
COMMENT ON SCHEMA script IS 'The site''s own tables, readable by scripts through db.query';

CREATE TABLE reporting.interaction (
    seq bigint NOT NULL,
    tenant text,
    switch text,
    id uuid NOT NULL,
    conn_id text,
    media text,
    call_type text,
    routing_point text,
    customer text,
    dnis text,
    strategy text,
    generation bigint,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    outcome text,
    parent_id uuid,
    PRIMARY KEY (id, started_at)
) PARTITION BY RANGE (started_at);
CREATE INDEX ON reporting.interaction (started_at);
CREATE INDEX ON reporting.interaction (conn_id);
CREATE INDEX ON reporting.interaction (routing_point, started_at);
-- A hash: a stranger's URI may be longer than a B-tree's row allows.
CREATE INDEX ON reporting.interaction USING hash (customer);
CREATE INDEX ON reporting.interaction (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX ON reporting.interaction (started_at) WHERE ended_at IS NULL;

CREATE TABLE reporting.party (
    seq bigint NOT NULL,
    tenant text,
    switch text,
    id bigint NOT NULL,
    interaction_id uuid,
    dn text,
    agent text,
    role text,
    joined_at timestamptz NOT NULL,
    answered_at timestamptz,
    left_at timestamptz,
    cause text,
    talk_s double precision,
    hold_s double precision,
    PRIMARY KEY (id, joined_at)
) PARTITION BY RANGE (joined_at);
CREATE INDEX ON reporting.party (interaction_id);
CREATE INDEX ON reporting.party (joined_at);
CREATE INDEX ON reporting.party (agent, joined_at) WHERE agent IS NOT NULL;
CREATE INDEX ON reporting.party (joined_at) WHERE left_at IS NULL;

CREATE TABLE reporting.party_state (
    seq bigint NOT NULL,
    tenant text,
    party_id bigint NOT NULL,
    interaction_id uuid,
    at timestamptz NOT NULL,
    state text,
    PRIMARY KEY (seq, at)
) PARTITION BY RANGE (at);
CREATE INDEX ON reporting.party_state (party_id);
CREATE INDEX ON reporting.party_state (interaction_id);

CREATE TABLE reporting.message (
    seq bigint NOT NULL,
    tenant text,
    switch text,
    id bigint NOT NULL,
    interaction_id uuid,
    at timestamptz NOT NULL,
    from_dn text,
    direction text,
    text text,
    delivered_at timestamptz,
    status text,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX ON reporting.message (interaction_id);
CREATE INDEX ON reporting.message (at);

CREATE TABLE reporting.queue_stay (
    seq bigint NOT NULL,
    tenant text,
    switch text,
    queue text,
    kind text,
    interaction_id uuid,
    entered_at timestamptz NOT NULL,
    left_at timestamptz,
    outcome text,
    PRIMARY KEY (seq, entered_at)
) PARTITION BY RANGE (entered_at);
CREATE INDEX ON reporting.queue_stay (interaction_id);
CREATE INDEX ON reporting.queue_stay (queue, entered_at);
CREATE INDEX ON reporting.queue_stay (entered_at);
CREATE INDEX ON reporting.queue_stay (entered_at) WHERE left_at IS NULL;

CREATE TABLE reporting.treatment (
    seq bigint NOT NULL,
    tenant text,
    interaction_id uuid,
    name text,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    result text,
    detail jsonb,
    PRIMARY KEY (seq, started_at)
) PARTITION BY RANGE (started_at);
CREATE INDEX ON reporting.treatment (interaction_id);
CREATE INDEX ON reporting.treatment (started_at);

CREATE TABLE reporting.route (
    seq bigint NOT NULL,
    tenant text,
    switch text,
    interaction_id uuid,
    requested jsonb,
    target text,
    agent text,
    dn text,
    requested_at timestamptz NOT NULL,
    selected_at timestamptz,
    result text,
    PRIMARY KEY (seq, requested_at)
) PARTITION BY RANGE (requested_at);
CREATE INDEX ON reporting.route (interaction_id);
CREATE INDEX ON reporting.route (requested_at);
CREATE INDEX ON reporting.route (agent, requested_at) WHERE agent IS NOT NULL;

CREATE TABLE reporting.decision (
    seq bigint NOT NULL,
    tenant text,
    interaction_id uuid,
    at timestamptz NOT NULL,
    strategy text,
    generation bigint,
    line bigint,
    candidates bigint,
    winner text,
    figure double precision,
    next_best jsonb,
    ruled_out jsonb,
    elapsed_us bigint,
    PRIMARY KEY (seq, at)
) PARTITION BY RANGE (at);
CREATE INDEX ON reporting.decision (interaction_id);
CREATE INDEX ON reporting.decision (at);
CREATE INDEX ON reporting.decision (winner, at) WHERE winner IS NOT NULL;

CREATE TABLE reporting.userdata (
    seq bigint NOT NULL,
    tenant text,
    interaction_id uuid,
    at timestamptz NOT NULL,
    key text,
    value text,
    change text,
    PRIMARY KEY (seq, at)
) PARTITION BY RANGE (at);
CREATE INDEX ON reporting.userdata (interaction_id);
CREATE INDEX ON reporting.userdata (at);

CREATE TABLE reporting.agent_session (
    seq bigint NOT NULL,
    tenant text,
    switch text,
    agent text,
    dn text,
    place text,
    logged_in_at timestamptz NOT NULL,
    logged_out_at timestamptz,
    PRIMARY KEY (seq, logged_in_at)
) PARTITION BY RANGE (logged_in_at);
CREATE INDEX ON reporting.agent_session (agent, logged_in_at);
CREATE INDEX ON reporting.agent_session (logged_in_at);
CREATE INDEX ON reporting.agent_session (logged_in_at) WHERE logged_out_at IS NULL;

CREATE TABLE reporting.agent_state (
    seq bigint NOT NULL,
    tenant text,
    switch text,
    session_id bigint,
    agent text,
    dn text,
    media text,
    state text,
    work_mode text,
    reasons jsonb,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (seq, started_at)
) PARTITION BY RANGE (started_at);
CREATE INDEX ON reporting.agent_state (session_id);
CREATE INDEX ON reporting.agent_state (agent, started_at);
CREATE INDEX ON reporting.agent_state (started_at);
CREATE INDEX ON reporting.agent_state (started_at) WHERE ended_at IS NULL;

CREATE TABLE reporting.custom_state (
    seq bigint NOT NULL,
    tenant text,
    agent text,
    state_id text,
    key text,
    values jsonb,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (seq, started_at)
) PARTITION BY RANGE (started_at);
CREATE INDEX ON reporting.custom_state (agent, started_at);
CREATE INDEX ON reporting.custom_state (started_at) WHERE ended_at IS NULL;

CREATE TABLE reporting.script_generation (
    seq bigint NOT NULL,
    tenant text,
    generation bigint,
    loaded_at timestamptz NOT NULL,
    hash text,
    outcome text,
    errors text,
    PRIMARY KEY (seq, loaded_at)
);
CREATE INDEX ON reporting.script_generation (loaded_at);
CREATE INDEX ON reporting.script_generation (generation);

CREATE TABLE reporting.script_source (
    seq bigint NOT NULL,
    tenant text,
    hash text NOT NULL,
    path text,
    text text,
    PRIMARY KEY (hash)
);
CREATE INDEX ON reporting.script_source (path);

CREATE TABLE reporting.trace_step (
    seq bigint NOT NULL,
    tenant text,
    interaction_id uuid,
    at timestamptz NOT NULL,
    generation bigint,
    file text,
    line bigint,
    step text,
    detail jsonb,
    PRIMARY KEY (seq, at)
) PARTITION BY RANGE (at);
CREATE INDEX ON reporting.trace_step (interaction_id);

CREATE TABLE reporting.log_event (
    seq bigint NOT NULL,
    tenant text,
    id bigint NOT NULL,
    at timestamptz NOT NULL,
    level text,
    application text,
    text text,
    attributes jsonb,
    PRIMARY KEY (seq, at)
) PARTITION BY RANGE (at);
CREATE INDEX ON reporting.log_event (at);
CREATE INDEX ON reporting.log_event (id, at);

-- How far each engine's spool has been written. It moves in the transaction that writes the rows, so that a crash
-- between the two cannot lose or double one.
CREATE TABLE reporting.spool_position (
    spool uuid PRIMARY KEY,
    shard integer NOT NULL,
    segment bigint NOT NULL,
    byte_offset bigint NOT NULL,
    last_at timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- Partitions -----------------------------------------------------------------------------------------------------

CREATE FUNCTION reporting.add_partition(parent text, part text, bounds text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- LIKE, then ATTACH: the comments come along, and the parent is never locked against readers.
    EXECUTE format('CREATE TABLE reporting_parts.%I (LIKE reporting.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING COMMENTS)',
                   part, parent);
    EXECUTE format('ALTER TABLE reporting.%I ATTACH PARTITION reporting_parts.%I %s', parent, part, bounds);
    EXECUTE format('COMMENT ON TABLE reporting_parts.%I IS %L', part, 'A partition of reporting.' || parent || ': ' || bounds);
END $$;
COMMENT ON FUNCTION reporting.add_partition(text, text, text) IS 'Makes one partition of a table of schema reporting';

CREATE FUNCTION reporting.ensure_month(day date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    parent text;
    part text;
    first date := date_trunc('month', day)::date;
    made integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('reporting.ensure_month'));
    FOR parent IN
        SELECT c.relname FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid
        WHERE c.relnamespace = 'reporting'::regnamespace ORDER BY 1
    LOOP
        part := parent || to_char(first, '_YYYY_MM');
        CONTINUE WHEN to_regclass('reporting_parts.' || quote_ident(part)) IS NOT NULL;
        BEGIN
            PERFORM reporting.add_partition(parent, part,
                format('FOR VALUES FROM (%L) TO (%L)', first || ' 00:00+00', (first + interval '1 month')::date || ' 00:00+00'));
            made := made + 1;
        EXCEPTION WHEN check_violation THEN
            -- The default partition already holds rows of this month; it goes on holding them.
            RAISE NOTICE 'reporting.% keeps the month % in its default partition', parent, first;
        END;
    END LOOP;
    RETURN made;
END $$;
COMMENT ON FUNCTION reporting.ensure_month(date) IS
    'Makes the partitions of the month that holds this day, where they are missing; returns how many were made. The report writer calls it';

CREATE FUNCTION reporting.close_cut_off(shard integer, as_of timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    -- The shard is the upper part of every seq (63 bits: 10 of shard, 53 of counter).
    low bigint := shard::bigint << 53;
    high bigint := (shard::bigint << 53) + ((1::bigint << 53) - 1);
    closed bigint;
    total bigint := 0;
BEGIN
    UPDATE reporting.interaction SET ended_at = greatest(started_at, as_of), outcome = 'failed'
        WHERE ended_at IS NULL AND seq BETWEEN low AND high;
    GET DIAGNOSTICS closed = ROW_COUNT; total := total + closed;
    UPDATE reporting.party SET left_at = greatest(joined_at, as_of), cause = 'failed',
            talk_s = CASE WHEN answered_at IS NOT NULL
                          THEN extract(epoch FROM greatest(answered_at, as_of) - answered_at)::double precision END
        WHERE left_at IS NULL AND seq BETWEEN low AND high;
    GET DIAGNOSTICS closed = ROW_COUNT; total := total + closed;
    UPDATE reporting.queue_stay SET left_at = greatest(entered_at, as_of), outcome = 'cleared'
        WHERE left_at IS NULL AND seq BETWEEN low AND high;
    GET DIAGNOSTICS closed = ROW_COUNT; total := total + closed;
    UPDATE reporting.agent_session SET logged_out_at = greatest(logged_in_at, as_of)
        WHERE logged_out_at IS NULL AND seq BETWEEN low AND high;
    GET DIAGNOSTICS closed = ROW_COUNT; total := total + closed;
    UPDATE reporting.agent_state SET ended_at = greatest(started_at, as_of)
        WHERE ended_at IS NULL AND seq BETWEEN low AND high;
    GET DIAGNOSTICS closed = ROW_COUNT; total := total + closed;
    UPDATE reporting.custom_state SET ended_at = greatest(started_at, as_of)
        WHERE ended_at IS NULL AND seq BETWEEN low AND high;
    GET DIAGNOSTICS closed = ROW_COUNT; total := total + closed;
    RETURN total;
END $$;
COMMENT ON FUNCTION reporting.close_cut_off(integer, timestamptz) IS
    'Closes the rows that a crash of this shard left open, as of its last record; returns how many. The report writer calls it at start';

-- Comments -------------------------------------------------------------------------------------------------------

COMMENT ON TABLE reporting.interaction IS 'One interaction: an IM session or a call';
COMMENT ON COLUMN reporting.interaction.id IS 'The CallUUID: names the interaction in all tables';
COMMENT ON COLUMN reporting.interaction.conn_id IS 'The ConnID: 16 lower-case hexadecimal digits';
COMMENT ON COLUMN reporting.interaction.media IS 'chat or voice';
COMMENT ON COLUMN reporting.interaction.call_type IS 'inbound, internal, outbound or consult';
COMMENT ON COLUMN reporting.interaction.routing_point IS 'Number of the routing point where it came in';
COMMENT ON COLUMN reporting.interaction.customer IS 'The customer''s full URI';
COMMENT ON COLUMN reporting.interaction.dnis IS 'What the customer wrote to or dialled';
COMMENT ON COLUMN reporting.interaction.strategy IS 'The strategy that it ran';
COMMENT ON COLUMN reporting.interaction.generation IS 'Generation of the scripts that it ran in';
COMMENT ON COLUMN reporting.interaction.started_at IS 'When it began';
COMMENT ON COLUMN reporting.interaction.ended_at IS 'When it ended; null while it goes on';
COMMENT ON COLUMN reporting.interaction.outcome IS 'handled, abandoned, rejected, default_routed, failed or transferred_out; null while it goes on';
COMMENT ON COLUMN reporting.interaction.parent_id IS 'The interaction that it came from (consultation, transfer, restart), if any';

COMMENT ON TABLE reporting.party IS 'One party''s stay in an interaction';
COMMENT ON COLUMN reporting.party.id IS 'Names the party in party_state';
COMMENT ON COLUMN reporting.party.dn IS 'The party''s number';
COMMENT ON COLUMN reporting.party.agent IS 'The agent''s user_name, where the party is one';
COMMENT ON COLUMN reporting.party.role IS 'customer, agent, supervisor, routing_point, queue or remote_site';
COMMENT ON COLUMN reporting.party.joined_at IS 'When the party joined (an agent: began to ring)';
COMMENT ON COLUMN reporting.party.answered_at IS 'When the party answered; null where it has not';
COMMENT ON COLUMN reporting.party.left_at IS 'When the party left; null while it is there';
COMMENT ON COLUMN reporting.party.cause IS 'Why it left: released, transferred, conferenced, no_answer, abandoned, redirected or failed';
COMMENT ON COLUMN reporting.party.talk_s IS 'Seconds from the answer to the leaving, hold left out';
COMMENT ON COLUMN reporting.party.hold_s IS 'Seconds on hold';

COMMENT ON TABLE reporting.party_state IS 'A party''s change of state';
COMMENT ON COLUMN reporting.party_state.party_id IS 'The party (party.id)';
COMMENT ON COLUMN reporting.party_state.at IS 'When it changed';
COMMENT ON COLUMN reporting.party_state.state IS 'The state from now on: queued, alerting, connected, held or released';

COMMENT ON TABLE reporting.message IS 'One text of an IM session';
COMMENT ON COLUMN reporting.message.id IS 'Names the text';
COMMENT ON COLUMN reporting.message.at IS 'When it was received or written';
COMMENT ON COLUMN reporting.message.from_dn IS 'Who wrote it: a number, or the customer''s';
COMMENT ON COLUMN reporting.message.direction IS 'in (from the customer), out (to the customer), system (by a strategy) or private (agents only)';
COMMENT ON COLUMN reporting.message.text IS 'The text itself';
COMMENT ON COLUMN reporting.message.delivered_at IS 'When the other side confirmed it';
COMMENT ON COLUMN reporting.message.status IS 'delivered, failed, held or pending';

COMMENT ON TABLE reporting.queue_stay IS 'One stay at a routing point or a (virtual) queue';
COMMENT ON COLUMN reporting.queue_stay.queue IS 'Number of the routing point or queue';
COMMENT ON COLUMN reporting.queue_stay.kind IS 'routing_point, virtual_queue or queue';
COMMENT ON COLUMN reporting.queue_stay.entered_at IS 'When the interaction came';
COMMENT ON COLUMN reporting.queue_stay.left_at IS 'When it left; null while it waits';
COMMENT ON COLUMN reporting.queue_stay.outcome IS 'distributed, abandoned, cleared or timeout';

COMMENT ON TABLE reporting.treatment IS 'One treatment that a strategy gave';
COMMENT ON COLUMN reporting.treatment.name IS 'Name of the treatment, as in the Lua API';
COMMENT ON COLUMN reporting.treatment.started_at IS 'When it began';
COMMENT ON COLUMN reporting.treatment.ended_at IS 'When it ended';
COMMENT ON COLUMN reporting.treatment.result IS 'How it ended';
COMMENT ON COLUMN reporting.treatment.detail IS 'Its parameters and what it returned';

COMMENT ON TABLE reporting.route IS 'One result of a strategy''s ix:route';
COMMENT ON COLUMN reporting.route.requested IS 'The targets and options that the strategy asked for';
COMMENT ON COLUMN reporting.route.target IS 'The target that was chosen';
COMMENT ON COLUMN reporting.route.agent IS 'user_name of the agent who was chosen';
COMMENT ON COLUMN reporting.route.dn IS 'The number that it went to';
COMMENT ON COLUMN reporting.route.requested_at IS 'When the strategy asked';
COMMENT ON COLUMN reporting.route.selected_at IS 'When an agent was chosen; null where none was';
COMMENT ON COLUMN reporting.route.result IS 'selected, timeout, abandoned, no_target, rejected or default';

COMMENT ON TABLE reporting.decision IS 'Why an agent was chosen: one row per routing decision';
COMMENT ON COLUMN reporting.decision.at IS 'When it was decided';
COMMENT ON COLUMN reporting.decision.strategy IS 'The strategy that asked';
COMMENT ON COLUMN reporting.decision.generation IS 'Generation of the scripts that it ran in';
COMMENT ON COLUMN reporting.decision.line IS 'Line of the ix:route call in the strategy';
COMMENT ON COLUMN reporting.decision.candidates IS 'How many agents could have been chosen';
COMMENT ON COLUMN reporting.decision.winner IS 'user_name of the agent who was';
COMMENT ON COLUMN reporting.decision.figure IS 'The winner''s figure in the statistic that decided';
COMMENT ON COLUMN reporting.decision.next_best IS 'The next best, up to 20, with their figures';
COMMENT ON COLUMN reporting.decision.ruled_out IS 'How many agents were ruled out, by reason';
COMMENT ON COLUMN reporting.decision.elapsed_us IS 'Microseconds from the request to the decision';

COMMENT ON TABLE reporting.userdata IS 'One change of an interaction''s attached data';
COMMENT ON COLUMN reporting.userdata.at IS 'When it changed';
COMMENT ON COLUMN reporting.userdata.key IS 'The key';
COMMENT ON COLUMN reporting.userdata.value IS 'Its new value; null where it was deleted';
COMMENT ON COLUMN reporting.userdata.change IS 'added, updated or deleted';

COMMENT ON TABLE reporting.agent_session IS 'One login of an agent; its seq is the session''s id';
COMMENT ON COLUMN reporting.agent_session.agent IS 'The agent''s user_name';
COMMENT ON COLUMN reporting.agent_session.dn IS 'The number where the agent logged in';
COMMENT ON COLUMN reporting.agent_session.place IS 'The place of that number';
COMMENT ON COLUMN reporting.agent_session.logged_in_at IS 'When the agent logged in';
COMMENT ON COLUMN reporting.agent_session.logged_out_at IS 'When the agent logged out; null while logged in';

COMMENT ON TABLE reporting.agent_state IS 'One stay of an agent in a state';
COMMENT ON COLUMN reporting.agent_state.session_id IS 'The login (agent_session.seq)';
COMMENT ON COLUMN reporting.agent_state.agent IS 'The agent''s user_name';
COMMENT ON COLUMN reporting.agent_state.dn IS 'The number where the agent is logged in';
COMMENT ON COLUMN reporting.agent_state.media IS 'chat or voice; null where the state is of all media';
COMMENT ON COLUMN reporting.agent_state.state IS 'Ready, NotReady, AfterCallWork, LegalGuard or Busy';
COMMENT ON COLUMN reporting.agent_state.work_mode IS 'The work mode that came with it';
COMMENT ON COLUMN reporting.agent_state.reasons IS 'The reasons that the agent gave';
COMMENT ON COLUMN reporting.agent_state.started_at IS 'When the state began';
COMMENT ON COLUMN reporting.agent_state.ended_at IS 'When it ended; null while it lasts';

COMMENT ON TABLE reporting.custom_state IS 'One stay of an agent in a custom state (preview)';
COMMENT ON COLUMN reporting.custom_state.agent IS 'The agent''s user_name';
COMMENT ON COLUMN reporting.custom_state.state_id IS 'Which custom state';
COMMENT ON COLUMN reporting.custom_state.key IS 'What it is about';
COMMENT ON COLUMN reporting.custom_state.values IS 'What came with it';
COMMENT ON COLUMN reporting.custom_state.started_at IS 'When it began';
COMMENT ON COLUMN reporting.custom_state.ended_at IS 'When it ended; null while it lasts';

COMMENT ON TABLE reporting.script_generation IS 'One load or reload of the scripts';
COMMENT ON COLUMN reporting.script_generation.generation IS 'Its number; null where it was refused';
COMMENT ON COLUMN reporting.script_generation.loaded_at IS 'When it was loaded or refused';
COMMENT ON COLUMN reporting.script_generation.hash IS 'Hash over all files of the generation';
COMMENT ON COLUMN reporting.script_generation.outcome IS 'loaded, refused or superseded';
COMMENT ON COLUMN reporting.script_generation.errors IS 'Why it was refused: file:line: message, one a line';

COMMENT ON TABLE reporting.script_source IS 'A script file''s text, once by hash';
COMMENT ON COLUMN reporting.script_source.hash IS 'Hash of the text';
COMMENT ON COLUMN reporting.script_source.path IS 'Where it was read from first';
COMMENT ON COLUMN reporting.script_source.text IS 'The text';

COMMENT ON TABLE reporting.trace_step IS 'One step of a strategy';
COMMENT ON COLUMN reporting.trace_step.at IS 'When it ran';
COMMENT ON COLUMN reporting.trace_step.generation IS 'Generation of the scripts';
COMMENT ON COLUMN reporting.trace_step.file IS 'The script file';
COMMENT ON COLUMN reporting.trace_step.line IS 'The line in it';
COMMENT ON COLUMN reporting.trace_step.step IS 'What it did';
COMMENT ON COLUMN reporting.trace_step.detail IS 'With what';

COMMENT ON TABLE reporting.log_event IS 'A log event of level Standard or above';
COMMENT ON COLUMN reporting.log_event.id IS 'Number of the kind of event, for example 4562';
COMMENT ON COLUMN reporting.log_event.at IS 'When it happened';
COMMENT ON COLUMN reporting.log_event.level IS 'Its level';
COMMENT ON COLUMN reporting.log_event.application IS 'The application that logged it';
COMMENT ON COLUMN reporting.log_event.text IS 'What it says';
COMMENT ON COLUMN reporting.log_event.attributes IS 'Its attributes';

COMMENT ON TABLE reporting.spool_position IS 'How far an engine''s spool has been written to these tables';
COMMENT ON COLUMN reporting.spool_position.spool IS 'Identity of the spool folder';
COMMENT ON COLUMN reporting.spool_position.shard IS 'Shard of the engine that owns it';
COMMENT ON COLUMN reporting.spool_position.segment IS 'Number of the segment file';
COMMENT ON COLUMN reporting.spool_position.byte_offset IS 'Bytes of that segment that are written';
COMMENT ON COLUMN reporting.spool_position.last_at IS 'The latest time in the rows written so far';
COMMENT ON COLUMN reporting.spool_position.updated_at IS 'When it last moved';

DO $$
DECLARE
    parent text;
    named record;
BEGIN
    FOR named IN
        SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        WHERE c.relnamespace = 'reporting'::regnamespace AND c.relkind IN ('r', 'p')
          AND a.attname IN ('seq', 'tenant', 'switch', 'interaction_id')
    LOOP
        EXECUTE format('COMMENT ON COLUMN reporting.%I.%I IS %L', named.relname, named.attname,
            CASE named.attname
                WHEN 'seq' THEN 'Orders the rows of one interaction; rises per shard'
                WHEN 'tenant' THEN 'Name of the tenant; null where the row concerns the whole server'
                WHEN 'switch' THEN 'Name of the switch that the numbers of this row belong to'
                ELSE 'The interaction (interaction.id)'
            END);
    END LOOP;
    FOR parent IN
        SELECT c.relname FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid
        WHERE c.relnamespace = 'reporting'::regnamespace ORDER BY 1
    LOOP
        PERFORM reporting.add_partition(parent, parent || '_default', 'DEFAULT');
    END LOOP;
END $$;
