-- Configuration objects, for trunkctl, the web page and people with psql. Objects refer to each other by name, so
-- that an UPDATE reads as a person would say it; `dbid` is the identity that the engine keeps over renames.
-- Every transaction that changes something leaves one row in config.change and wakes the engine.
CREATE SCHEMA IF NOT EXISTS config;
COMMENT ON SCHEMA config IS 'What the contact center consists of; a committed change is in force within a second';

-- ---- What makes sense -----------------------------------------------------------------------------------------

CREATE FUNCTION config.is_name(name text) RETURNS boolean IMMUTABLE PARALLEL SAFE LANGUAGE sql AS
$$ SELECT length(name) BETWEEN 1 AND 255 AND name !~ '[[:cntrl:]]' AND btrim(name) = name $$;
COMMENT ON FUNCTION config.is_name IS '1 to 255 characters, no control characters, no blanks at the ends';

CREATE FUNCTION config.is_timezone(name text) RETURNS boolean STABLE LANGUAGE plpgsql AS $$
BEGIN
    PERFORM now() AT TIME ZONE name;
    RETURN name ~ '^[A-Za-z]';
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN false;
END $$;
COMMENT ON FUNCTION config.is_timezone IS 'A time zone that this server knows, such as Europe/Berlin';

CREATE FUNCTION config.is_text_map(value jsonb) RETURNS boolean IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
    SELECT CASE WHEN jsonb_typeof(value) <> 'object' THEN false
                ELSE NOT EXISTS (SELECT FROM jsonb_each(value) AS entry
                                 WHERE jsonb_typeof(entry.value) NOT IN ('string', 'number', 'boolean')) END $$;
COMMENT ON FUNCTION config.is_text_map IS 'A JSON object of plain values';

CREATE FUNCTION config.is_options(value jsonb) RETURNS boolean IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
    SELECT CASE WHEN jsonb_typeof(value) <> 'object' THEN false
                ELSE NOT EXISTS (SELECT FROM jsonb_each(value) AS section
                                 WHERE NOT config.is_text_map(section.value)) END $$;
COMMENT ON FUNCTION config.is_options IS 'The Annex: section, then key, then a plain value';

-- The options that the engine reads; others are kept for scripts and for the future.
CREATE FUNCTION config.options_make_sense(options jsonb) RETURNS boolean IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
    SELECT CASE WHEN NOT config.is_options(options) THEN false ELSE NOT EXISTS (
        SELECT FROM jsonb_each_text(coalesce(options -> 'TServer', '{}')) AS o(key, value) WHERE NOT CASE
            WHEN key IN ('multimedia', 'voice', 'divert-on-ringing', 'default')
                THEN value IN ('true', 'false', 'yes', 'no', 'on', 'off', '1', '0')
            WHEN key = 'sip-signaling-chat'
                THEN value IN ('true', 'false', 'yes', 'no', 'on', 'off', '1', '0', 'none')
            WHEN key IN ('im-idle-timeout', 'no-answer-timeout', 'after-routing-timeout', 'router-timeout', 'unreachable-timeout')
                THEN value ~ '^[0-9]{1,9}(\.[0-9]+)?$'
            WHEN key = 'wrap-up-time' THEN value ~ '^[0-9]{1,9}(\.[0-9]+)?$' OR value = 'untimed'
            WHEN key IN ('max-sessions', 'max-new-per-second') THEN value ~ '^[0-9]{1,9}$'
            WHEN key = 'no-answer-action' THEN value IN ('none', 'notready', 'logout')
            ELSE true END) END $$;
COMMENT ON FUNCTION config.options_make_sense IS 'Options in their form, and those of section TServer of the right kind';

-- ---- Objects --------------------------------------------------------------------------------------------------

CREATE TABLE config.tenant (
    dbid integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    name text PRIMARY KEY CONSTRAINT tenant_name CHECK (config.is_name(name)),
    timezone text CONSTRAINT tenant_timezone CHECK (config.is_timezone(timezone)),
    capacity_rule text,
    options jsonb NOT NULL DEFAULT '{}' CONSTRAINT tenant_options CHECK (config.options_make_sense(options))
);
COMMENT ON TABLE config.tenant IS 'Tenant: a company, or a part of one, whose objects nobody else sees';
COMMENT ON COLUMN config.tenant.timezone IS 'IANA name; UTC where NULL';
COMMENT ON COLUMN config.tenant.capacity_rule IS 'The rule of persons and places that have none of their own';

CREATE TABLE config.skill (
    dbid integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    tenant text NOT NULL REFERENCES config.tenant ON UPDATE CASCADE DEFERRABLE,
    name text NOT NULL CONSTRAINT skill_name CHECK (config.is_name(name)),
    PRIMARY KEY (tenant, name)
);
COMMENT ON TABLE config.skill IS 'Skill: what an agent may have a level of';

CREATE TABLE config.list (
    dbid integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    tenant text NOT NULL REFERENCES config.tenant ON UPDATE CASCADE DEFERRABLE,
    name text NOT NULL CONSTRAINT list_name CHECK (config.is_name(name)),
    entries jsonb NOT NULL DEFAULT '{}' CONSTRAINT list_entries CHECK (config.is_text_map(entries)),
    PRIMARY KEY (tenant, name)
);
COMMENT ON TABLE config.list IS 'List: keys and values that scripts look up';

CREATE TABLE config.capacity_rule (
    dbid integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    tenant text NOT NULL REFERENCES config.tenant ON UPDATE CASCADE DEFERRABLE,
    name text NOT NULL CONSTRAINT capacity_rule_name CHECK (config.is_name(name)),
    script text NOT NULL CONSTRAINT capacity_rule_script CHECK (config.is_name(script)),
    PRIMARY KEY (tenant, name)
);
COMMENT ON TABLE config.capacity_rule IS 'Capacity Rule: how much work of which media at once';
COMMENT ON COLUMN config.capacity_rule.script IS 'Name of a file in scripts/capacity, without .lua';
ALTER TABLE config.tenant ADD FOREIGN KEY (name, capacity_rule) REFERENCES config.capacity_rule (tenant, name)
    ON UPDATE CASCADE DEFERRABLE;

CREATE TABLE config.switch (
    dbid integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    name text PRIMARY KEY CONSTRAINT switch_name CHECK (config.is_name(name)),
    tenant text NOT NULL REFERENCES config.tenant ON UPDATE CASCADE DEFERRABLE,
    options jsonb NOT NULL DEFAULT '{}' CONSTRAINT switch_options CHECK (config.options_make_sense(options)),
    UNIQUE (name, tenant)
);
COMMENT ON TABLE config.switch IS 'Switch: a numbering plan of DNs and Agent Logins';

CREATE TABLE config.dn (
    dbid integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    number text NOT NULL CONSTRAINT dn_number CHECK (config.is_name(number)),
    switch text NOT NULL REFERENCES config.switch ON UPDATE CASCADE DEFERRABLE,
    type text NOT NULL CONSTRAINT dn_type CHECK (type IN ('Extension', 'ACDPosition', 'ACDQueue', 'RoutingPoint',
        'VirtualQueue', 'Trunk', 'TrunkGroup', 'CommunicationDN', 'VoIPService')),
    strategy text CONSTRAINT dn_strategy CHECK (config.is_name(strategy)),
    options jsonb NOT NULL DEFAULT '{}' CONSTRAINT dn_options CHECK (config.options_make_sense(options)),
    PRIMARY KEY (switch, number)
);
COMMENT ON TABLE config.dn IS 'DN: what has a number, from an agent''s extension to a routing point';
COMMENT ON COLUMN config.dn.strategy IS 'Of a RoutingPoint: the strategy that routes what comes in, without .lua';
COMMENT ON COLUMN config.dn.options IS 'The Annex. A TServer password written here moves to config.secret';

CREATE TABLE config.agent_login (
    dbid integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    code text NOT NULL CONSTRAINT agent_login_code CHECK (config.is_name(code)),
    switch text NOT NULL REFERENCES config.switch ON UPDATE CASCADE DEFERRABLE,
    options jsonb NOT NULL DEFAULT '{}' CONSTRAINT agent_login_options CHECK (config.options_make_sense(options)),
    PRIMARY KEY (switch, code)
);
COMMENT ON TABLE config.agent_login IS 'Agent Login: the code with which an agent logs in at a switch';

CREATE TABLE config.place (
    dbid integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    tenant text NOT NULL REFERENCES config.tenant ON UPDATE CASCADE DEFERRABLE,
    name text NOT NULL CONSTRAINT place_name CHECK (config.is_name(name)),
    capacity_rule text,
    options jsonb NOT NULL DEFAULT '{}' CONSTRAINT place_options CHECK (config.options_make_sense(options)),
    PRIMARY KEY (tenant, name),
    FOREIGN KEY (tenant, capacity_rule) REFERENCES config.capacity_rule (tenant, name) ON UPDATE CASCADE DEFERRABLE
);
COMMENT ON TABLE config.place IS 'Place: where a person works; a set of DNs';

CREATE TABLE config.place_dn (
    dbid integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    tenant text NOT NULL,
    place text NOT NULL,
    switch text NOT NULL,
    number text NOT NULL,
    PRIMARY KEY (switch, number),
    FOREIGN KEY (tenant, place) REFERENCES config.place (tenant, name) ON UPDATE CASCADE ON DELETE CASCADE DEFERRABLE,
    FOREIGN KEY (switch, number) REFERENCES config.dn (switch, number) ON UPDATE CASCADE ON DELETE CASCADE DEFERRABLE,
    FOREIGN KEY (switch, tenant) REFERENCES config.switch (name, tenant) ON UPDATE CASCADE DEFERRABLE
);
COMMENT ON TABLE config.place_dn IS 'The DNs of places; a DN is in one place at most';

CREATE TABLE config.person (
    dbid integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    tenant text NOT NULL REFERENCES config.tenant ON UPDATE CASCADE DEFERRABLE,
    user_name text NOT NULL CONSTRAINT person_user_name CHECK (config.is_name(user_name)),
    employee_id text CONSTRAINT person_employee_id CHECK (config.is_name(employee_id)),
    first_name text,
    last_name text,
    is_agent boolean NOT NULL DEFAULT false,
    password text CONSTRAINT person_password CHECK (password IS NULL),
    default_place text,
    capacity_rule text,
    options jsonb NOT NULL DEFAULT '{}' CONSTRAINT person_options CHECK (config.options_make_sense(options)),
    PRIMARY KEY (tenant, user_name),
    FOREIGN KEY (tenant, default_place) REFERENCES config.place (tenant, name) ON UPDATE CASCADE DEFERRABLE,
    FOREIGN KEY (tenant, capacity_rule) REFERENCES config.capacity_rule (tenant, name) ON UPDATE CASCADE DEFERRABLE
);
COMMENT ON TABLE config.person IS 'Person: an agent, a supervisor, an administrator';
COMMENT ON COLUMN config.person.employee_id IS 'What reports and strategies call the person; the user_name where NULL';
COMMENT ON COLUMN config.person.password IS 'For writing only: the text moves to config.secret and is hashed there; an empty text takes the password away';

CREATE TABLE config.person_skill (
    dbid integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    tenant text NOT NULL,
    person text NOT NULL,
    skill text NOT NULL,
    level integer NOT NULL CONSTRAINT person_skill_level CHECK (level BETWEEN 0 AND 1000000),
    PRIMARY KEY (tenant, person, skill),
    FOREIGN KEY (tenant, person) REFERENCES config.person (tenant, user_name) ON UPDATE CASCADE ON DELETE CASCADE DEFERRABLE,
    FOREIGN KEY (tenant, skill) REFERENCES config.skill (tenant, name) ON UPDATE CASCADE DEFERRABLE
);
COMMENT ON TABLE config.person_skill IS 'Levels of skills; a skill that a person has no row for counts as level 0';
COMMENT ON COLUMN config.person_skill.person IS 'user_name of the person';

CREATE TABLE config.person_agent_login (
    dbid integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    tenant text NOT NULL,
    person text NOT NULL,
    switch text NOT NULL,
    code text NOT NULL,
    PRIMARY KEY (switch, code),
    FOREIGN KEY (tenant, person) REFERENCES config.person (tenant, user_name) ON UPDATE CASCADE ON DELETE CASCADE DEFERRABLE,
    FOREIGN KEY (switch, code) REFERENCES config.agent_login (switch, code) ON UPDATE CASCADE ON DELETE CASCADE DEFERRABLE,
    FOREIGN KEY (switch, tenant) REFERENCES config.switch (name, tenant) ON UPDATE CASCADE DEFERRABLE
);
COMMENT ON TABLE config.person_agent_login IS 'Whose Agent Logins are whose; one belongs to one person at most';

CREATE TABLE config.agent_group (
    dbid integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    tenant text NOT NULL REFERENCES config.tenant ON UPDATE CASCADE DEFERRABLE,
    name text NOT NULL CONSTRAINT agent_group_name CHECK (config.is_name(name)),
    script text CONSTRAINT agent_group_script CHECK (btrim(script) <> '' AND length(script) <= 4096),
    options jsonb NOT NULL DEFAULT '{}' CONSTRAINT agent_group_options CHECK (config.options_make_sense(options)),
    PRIMARY KEY (tenant, name)
);
COMMENT ON TABLE config.agent_group IS 'Agent Group: by its members or, with a script, by skills';
COMMENT ON COLUMN config.agent_group.script IS 'A skill expression such as billing >= 5; NULL where the members are listed';

CREATE TABLE config.agent_group_member (
    dbid integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    tenant text NOT NULL,
    agent_group text NOT NULL,
    person text NOT NULL,
    PRIMARY KEY (tenant, agent_group, person),
    FOREIGN KEY (tenant, agent_group) REFERENCES config.agent_group (tenant, name) ON UPDATE CASCADE ON DELETE CASCADE DEFERRABLE,
    FOREIGN KEY (tenant, person) REFERENCES config.person (tenant, user_name) ON UPDATE CASCADE ON DELETE CASCADE DEFERRABLE
);
COMMENT ON TABLE config.agent_group_member IS 'The agents of the groups that list them';

CREATE TABLE config.place_group (
    dbid integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    tenant text NOT NULL REFERENCES config.tenant ON UPDATE CASCADE DEFERRABLE,
    name text NOT NULL CONSTRAINT place_group_name CHECK (config.is_name(name)),
    PRIMARY KEY (tenant, name)
);
COMMENT ON TABLE config.place_group IS 'Place Group: places that are meant together';

CREATE TABLE config.place_group_member (
    dbid integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    tenant text NOT NULL,
    place_group text NOT NULL,
    place text NOT NULL,
    PRIMARY KEY (tenant, place_group, place),
    FOREIGN KEY (tenant, place_group) REFERENCES config.place_group (tenant, name) ON UPDATE CASCADE ON DELETE CASCADE DEFERRABLE,
    FOREIGN KEY (tenant, place) REFERENCES config.place (tenant, name) ON UPDATE CASCADE ON DELETE CASCADE DEFERRABLE
);
COMMENT ON TABLE config.place_group_member IS 'The places of place groups';

CREATE TABLE config.application (
    dbid integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    name text PRIMARY KEY CONSTRAINT application_name CHECK (config.is_name(name)),
    type text,
    tenant text REFERENCES config.tenant ON UPDATE CASCADE DEFERRABLE,
    password text CONSTRAINT application_password CHECK (password IS NULL),
    options jsonb NOT NULL DEFAULT '{}' CONSTRAINT application_options CHECK (config.options_make_sense(options))
);
COMMENT ON TABLE config.application IS 'Application: a program that opens T-Library connections, by the name it gives';
COMMENT ON COLUMN config.application.type IS 'AgentDesktop and so on';
COMMENT ON COLUMN config.application.password IS 'For writing only: the text moves to config.secret and is hashed there; an empty text takes the password away';

-- ---- Secrets --------------------------------------------------------------------------------------------------

CREATE TABLE config.secret (
    kind text NOT NULL CHECK (kind IN ('person', 'application', 'dn')),
    owner integer NOT NULL,
    name text NOT NULL,
    hash text,
    pending_plain text,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind, owner, name),
    CHECK ((hash IS NULL) <> (pending_plain IS NULL))
);
REVOKE ALL ON config.secret FROM PUBLIC;
COMMENT ON TABLE config.secret IS 'Passwords, hashed. Only the owner of the schema reads this table: grant it to nobody';
COMMENT ON COLUMN config.secret.kind IS 'Table of the object that the secret belongs to';
COMMENT ON COLUMN config.secret.owner IS 'dbid of that object';
COMMENT ON COLUMN config.secret.name IS 'password, or for a DN ha1 (MD5 and SHA-256 of RFC 8760, bound to number and realm)';
COMMENT ON COLUMN config.secret.hash IS 'Argon2id, or the HA1 values';
COMMENT ON COLUMN config.secret.pending_plain IS 'A password written by SQL, until the engine has hashed it (within a second where one runs)';

CREATE FUNCTION config.put_pending_secret(secret_kind text, object integer, secret_name text, plain text) RETURNS void
    SECURITY DEFINER SET search_path = config, pg_temp LANGUAGE plpgsql AS $$
BEGIN
    -- DELETE first: the triggers that say "something changed" listen to INSERT and DELETE, not to the UPDATE with
    -- which the engine replaces a pending password by its hash.
    DELETE FROM config.secret WHERE kind = secret_kind AND owner = object AND name = secret_name;
    IF plain <> '' THEN
        INSERT INTO config.secret (kind, owner, name, pending_plain) VALUES (secret_kind, object, secret_name, plain);
    END IF;
END $$;
COMMENT ON FUNCTION config.put_pending_secret IS 'What the password triggers call; nobody else needs to';
REVOKE ALL ON FUNCTION config.put_pending_secret FROM PUBLIC;

CREATE FUNCTION config.move_password() RETURNS trigger
    SECURITY DEFINER SET search_path = config, pg_temp LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.password IS NOT NULL THEN
        PERFORM config.put_pending_secret(TG_TABLE_NAME, NEW.dbid, 'password', NEW.password);
        NEW.password := NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER move_password BEFORE INSERT OR UPDATE ON config.person FOR EACH ROW EXECUTE FUNCTION config.move_password();
CREATE TRIGGER move_password BEFORE INSERT OR UPDATE ON config.application FOR EACH ROW EXECUTE FUNCTION config.move_password();

CREATE FUNCTION config.move_dn_password() RETURNS trigger
    SECURITY DEFINER SET search_path = config, pg_temp LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.options #> '{TServer,password}' IS NOT NULL THEN
        PERFORM config.put_pending_secret('dn', NEW.dbid, 'ha1', NEW.options #>> '{TServer,password}');
        NEW.options := NEW.options #- '{TServer,password}';
    ELSIF TG_OP = 'UPDATE' AND NEW.number <> OLD.number THEN
        -- An HA1 value holds the number: the endpoint's password must be given again.
        DELETE FROM config.secret WHERE kind = 'dn' AND owner = NEW.dbid;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER move_password BEFORE INSERT OR UPDATE ON config.dn FOR EACH ROW EXECUTE FUNCTION config.move_dn_password();

CREATE FUNCTION config.drop_secrets() RETURNS trigger
    SECURITY DEFINER SET search_path = config, pg_temp LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM config.secret WHERE kind = TG_TABLE_NAME AND owner = OLD.dbid;
    RETURN NULL;
END $$;
CREATE TRIGGER drop_secrets AFTER DELETE ON config.person FOR EACH ROW EXECUTE FUNCTION config.drop_secrets();
CREATE TRIGGER drop_secrets AFTER DELETE ON config.application FOR EACH ROW EXECUTE FUNCTION config.drop_secrets();
CREATE TRIGGER drop_secrets AFTER DELETE ON config.dn FOR EACH ROW EXECUTE FUNCTION config.drop_secrets();

-- ---- Revisions ------------------------------------------------------------------------------------------------

CREATE TABLE config.change (
    revision bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
    tables text[] NOT NULL,
    UNIQUE (transaction, at)
);
COMMENT ON TABLE config.change IS 'One row a transaction that changed the configuration; the engine reads what it has not seen';
COMMENT ON COLUMN config.change.revision IS 'Rises in the order of the commits';
COMMENT ON COLUMN config.change.at IS 'Start of the transaction';
COMMENT ON COLUMN config.change.transaction IS 'With `at` what tells one transaction from another, over a dump and restore too';
COMMENT ON COLUMN config.change.tables IS 'The tables that it touched';

-- Writers of the configuration follow each other, from their first statement to their commit: so revisions are
-- committed in their order, and nobody can see 6 while 5 is still to come. Before any row is locked: no deadlock.
CREATE FUNCTION config.await_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('trunkline configuration'), 0);
    RETURN NULL;
END $$;

CREATE FUNCTION config.note_change() RETURNS trigger
    SECURITY DEFINER SET search_path = config, pg_temp LANGUAGE plpgsql AS $$
DECLARE
    this_revision bigint;
BEGIN
    IF TG_OP <> 'TRUNCATE' THEN
        PERFORM FROM changed_rows LIMIT 1;
        IF NOT FOUND THEN RETURN NULL; END IF;
    END IF;
    UPDATE config.change SET tables = array_append(array_remove(tables, TG_TABLE_NAME::text), TG_TABLE_NAME::text)
        WHERE transaction = pg_current_xact_id() AND at = now();
    IF NOT FOUND THEN
        INSERT INTO config.change (tables) VALUES (ARRAY[TG_TABLE_NAME::text]) RETURNING revision INTO this_revision;
        PERFORM pg_notify('trunkline_config', this_revision::text);
    END IF;
    RETURN NULL;
END $$;

DO $$
DECLARE
    object text;
BEGIN
    FOREACH object IN ARRAY ARRAY['tenant', 'skill', 'list', 'capacity_rule', 'switch', 'dn', 'agent_login', 'place', 'place_dn',
        'person', 'person_skill', 'person_agent_login', 'agent_group', 'agent_group_member', 'place_group',
        'place_group_member', 'application', 'secret'] LOOP
        EXECUTE format('CREATE TRIGGER await_turn BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON config.%I
            FOR EACH STATEMENT EXECUTE FUNCTION config.await_turn()', object);
        EXECUTE format('CREATE TRIGGER note_insert AFTER INSERT ON config.%I REFERENCING NEW TABLE AS changed_rows
            FOR EACH STATEMENT EXECUTE FUNCTION config.note_change()', object);
        EXECUTE format('CREATE TRIGGER note_delete AFTER DELETE ON config.%I REFERENCING OLD TABLE AS changed_rows
            FOR EACH STATEMENT EXECUTE FUNCTION config.note_change()', object);
        EXECUTE format('CREATE TRIGGER note_truncate AFTER TRUNCATE ON config.%I
            FOR EACH STATEMENT EXECUTE FUNCTION config.note_change()', object);
        -- Hashing a pending password changes nothing that anybody sees.
        IF object <> 'secret' THEN
            EXECUTE format('CREATE TRIGGER note_update AFTER UPDATE ON config.%I REFERENCING NEW TABLE AS changed_rows
                FOR EACH STATEMENT EXECUTE FUNCTION config.note_change()', object);
        END IF;
    END LOOP;
END $$;

-- Columns whose meaning is the same in every table.
DO $$
DECLARE
    bare record;
BEGIN
    FOR bare IN
        SELECT a.attrelid::regclass AS object, a.attname AS name
        FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'config'::regnamespace AND c.relkind = 'r' AND c.relname <> 'schema_version'
          AND a.attnum > 0 AND NOT a.attisdropped AND col_description(a.attrelid, a.attnum) IS NULL
    LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', bare.object, bare.name, CASE bare.name
            WHEN 'dbid' THEN 'Identity of the object: stays over renames, given by the database'
            WHEN 'options' THEN 'The Annex: section, then key, then value'
            WHEN 'tenant' THEN 'Name of the tenant'
            WHEN 'switch' THEN 'Name of the switch'
            WHEN 'capacity_rule' THEN 'Name of a capacity rule of the tenant; NULL: none here'
            WHEN 'name' THEN 'Name of the object'
            WHEN 'number' THEN 'Number of the DN'
            WHEN 'code' THEN 'Code of the Agent Login'
            WHEN 'person' THEN 'user_name of the person'
            WHEN 'place' THEN 'Name of the place'
            ELSE initcap(replace(bare.name, '_', ' ')) END);
    END LOOP;
END $$;
