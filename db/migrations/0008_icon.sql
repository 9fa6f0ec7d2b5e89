-- Schema icon: the tables of schema reporting under the names of Interaction Concentrator, for reports that come from there.
-- Columns have its names where there is a counterpart; codes are the words of schema reporting where its codes are not
-- public. Identities are ours: callid is a uuid, agentid a user_name. tenant and switch stand in for its numbers.
CREATE SCHEMA icon;
COMMENT ON SCHEMA icon IS 'The reporting tables under the names of Interaction Concentrator: views only';

CREATE VIEW icon.g_ir AS
    SELECT i.seq AS id, i.id AS irid, i.parent_id AS parentirid, i.call_type AS calltype, i.media AS mediatype,
           i.outcome AS finalstate, i.started_at AS created, i.ended_at AS terminated, i.seq AS gsys_seq, i.tenant, i.switch
    FROM reporting.interaction AS i;

CREATE VIEW icon.g_call AS
    SELECT i.seq AS id, i.id AS callid, i.parent_id AS parentcallid, i.conn_id AS connid, i.id AS irid,
           CASE i.call_type WHEN 'internal' THEN 1 WHEN 'inbound' THEN 2 WHEN 'outbound' THEN 3 WHEN 'consult' THEN 4 ELSE 0 END AS calltype,
           i.media AS mediatype, i.customer AS callani, i.dnis AS calldnis, i.started_at AS created, i.ended_at AS terminated,
           i.seq AS gsys_seq, i.tenant, i.switch
    FROM reporting.interaction AS i;

CREATE VIEW icon.g_party AS
    SELECT p.seq AS id, p.id AS partyid, p.interaction_id AS callid,
           CASE WHEN p.role IN ('customer', 'external', 'remote_site') THEN 2 ELSE 1 END AS type, p.role AS prole,
           p.dn AS endpointdn, p.agent AS agentid, p.cause, p.joined_at AS created, p.left_at AS terminated,
           p.seq AS gsys_seq, p.tenant, p.switch
    FROM reporting.party AS p;

CREATE VIEW icon.g_party_history AS
    SELECT s.seq AS id, s.party_id AS partyid, s.interaction_id AS callid, s.state, s.at AS added, s.seq, s.seq AS gsys_seq, s.tenant
    FROM reporting.party_state AS s;

CREATE VIEW icon.g_virtual_queue AS
    SELECT q.seq AS id, q.seq AS vqid, q.queue AS queuedn, q.interaction_id AS origcallid,
           CASE WHEN q.outcome = 'distributed' THEN q.interaction_id END AS distcallid,
           CASE q.outcome WHEN 'distributed' THEN 1 WHEN 'abandoned' THEN 2 END AS cause, q.outcome,
           q.entered_at AS created, q.left_at AS terminated, q.seq AS gsys_seq, q.tenant, q.switch
    FROM reporting.queue_stay AS q WHERE q.kind = 'virtual_queue';

CREATE VIEW icon.g_route_result AS
    SELECT r.seq AS id, r.interaction_id AS callid, r.agent AS rtargetagentselected, r.target AS rtargetobjectselected,
           i.strategy AS rstrategyname, r.tenant AS rtenant, r.dn AS endpointdn, r.result,
           extract(epoch FROM r.selected_at - r.requested_at)::double precision AS duration,
           r.requested_at AS created, r.selected_at AS terminated, r.seq AS gsys_seq, r.tenant, r.switch
    FROM reporting.route AS r
    LEFT JOIN LATERAL (SELECT i.strategy FROM reporting.interaction AS i WHERE i.id = r.interaction_id LIMIT 1) AS i ON true;

CREATE VIEW icon.g_userdata_history AS
    SELECT u.seq AS id, u.interaction_id AS callid, u.key AS keyname, u.value, u.change AS changetype, u.at AS added,
           u.seq AS gsys_seq, u.tenant
    FROM reporting.userdata AS u;

CREATE VIEW icon.g_login_session AS
    SELECT s.seq AS id, s.seq AS loginsessionid, s.agent AS agentid, s.dn AS endpointdn, s.place AS placeid,
           s.logged_in_at AS created, s.logged_out_at AS terminated, s.seq AS gsys_seq, s.tenant, s.switch
    FROM reporting.agent_session AS s;

CREATE VIEW icon.g_agent_state_history AS
    SELECT s.seq AS id, s.session_id AS loginsessionid, s.agent AS agentid, s.dn AS endpointdn, s.state, s.work_mode AS workmode,
           s.seq, s.started_at AS added, s.ended_at AS terminated, s.seq AS gsys_seq, s.tenant, s.switch
    FROM reporting.agent_state AS s;

CREATE VIEW icon.g_custom_states AS
    SELECT c.seq AS id, c.agent AS agentid, c.state_id AS statetype, c.key AS keyname, c.values,
           c.started_at AS starttime, c.ended_at AS endtime, c.seq AS gsys_seq, c.tenant
    FROM reporting.custom_state AS c;

DO $$
DECLARE
    it record;
BEGIN
    FOR it IN SELECT c.oid::regclass AS view, c.relname, a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
        WHERE c.relnamespace = 'icon'::regnamespace AND c.relkind = 'v'
    LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', it.view, it.attname, CASE it.attname
            WHEN 'id' THEN 'Identity of the row: its seq'
            WHEN 'gsys_seq' THEN 'Orders the rows of one interaction (seq)'
            WHEN 'seq' THEN 'Orders the rows of one interaction'
            WHEN 'irid' THEN 'The interaction (interaction.id)'
            WHEN 'parentirid' THEN 'The interaction that it came from'
            WHEN 'callid' THEN 'The interaction (interaction.id)'
            WHEN 'parentcallid' THEN 'The interaction that it came from'
            WHEN 'origcallid' THEN 'The interaction that entered'
            WHEN 'distcallid' THEN 'The interaction, where an agent answered it'
            WHEN 'connid' THEN 'The ConnID: 16 lower-case hexadecimal digits'
            WHEN 'calltype' THEN CASE it.relname WHEN 'g_call' THEN '1 internal, 2 inbound, 3 outbound, 4 consult, 0 none of them' ELSE 'inbound, internal, outbound or consult' END
            WHEN 'mediatype' THEN 'chat or voice'
            WHEN 'finalstate' THEN 'interaction.outcome'
            WHEN 'callani' THEN 'The customer''s full URI'
            WHEN 'calldnis' THEN 'What the customer wrote to or dialled'
            WHEN 'partyid' THEN 'The party (party.id)'
            WHEN 'type' THEN '1 internal, 2 external'
            WHEN 'prole' THEN 'party.role'
            WHEN 'endpointdn' THEN 'The number'
            WHEN 'agentid' THEN 'The agent''s user_name; null where there is none'
            WHEN 'cause' THEN CASE it.relname WHEN 'g_virtual_queue' THEN '1 distributed, 2 abandoned, null otherwise' ELSE 'party.cause' END
            WHEN 'state' THEN 'The state from now on'
            WHEN 'added' THEN 'When it changed'
            WHEN 'created' THEN 'When it began'
            WHEN 'terminated' THEN 'When it ended; null while it lasts'
            WHEN 'vqid' THEN 'Identity of the stay'
            WHEN 'queuedn' THEN 'Number of the virtual queue'
            WHEN 'outcome' THEN 'distributed, abandoned, cleared or timeout'
            WHEN 'rtargetagentselected' THEN 'user_name of the agent who was chosen; null where none was'
            WHEN 'rtargetobjectselected' THEN 'The target that was chosen'
            WHEN 'rstrategyname' THEN 'The strategy'
            WHEN 'rtenant' THEN 'Name of the tenant'
            WHEN 'result' THEN 'route.result'
            WHEN 'duration' THEN 'Seconds from the request to the choice'
            WHEN 'keyname' THEN 'The key'
            WHEN 'value' THEN 'Its new value; null where it was deleted'
            WHEN 'values' THEN 'What came with it'
            WHEN 'changetype' THEN 'added, updated or deleted'
            WHEN 'loginsessionid' THEN 'The log-in (agent_session.seq)'
            WHEN 'placeid' THEN 'Name of the place'
            WHEN 'workmode' THEN 'The work mode that came with it'
            WHEN 'statetype' THEN 'Which custom state'
            WHEN 'starttime' THEN 'When it began'
            WHEN 'endtime' THEN 'When it ended; null while it lasts'
            WHEN 'switch' THEN 'Name of the switch that the numbers belong to'
            WHEN 'tenant' THEN 'Name of the tenant' END);
    END LOOP;
    FOR it IN SELECT * FROM (VALUES ('g_ir', 'interaction'), ('g_call', 'interaction'), ('g_party', 'party'), ('g_party_history', 'party_state'),
        ('g_virtual_queue', 'queue_stay'), ('g_route_result', 'route'), ('g_userdata_history', 'userdata'), ('g_login_session', 'agent_session'),
        ('g_agent_state_history', 'agent_state'), ('g_custom_states', 'custom_state')) AS v(name, source)
    LOOP
        EXECUTE format('COMMENT ON VIEW icon.%I IS %L', it.name, upper(it.name) || ' of Interaction Concentrator: reporting.' || it.source);
    END LOOP;
END $$;
