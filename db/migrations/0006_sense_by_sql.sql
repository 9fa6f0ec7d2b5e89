-- What makes no sense is refused by SQL as `trunkctl import` refuses it: every option that the server reads, skill
-- expressions, groups that are both listed and by skill, two switches of one domain.

CREATE OR REPLACE FUNCTION config.is_name(name text) RETURNS boolean IMMUTABLE PARALLEL SAFE LANGUAGE sql AS
$$ SELECT octet_length(name) BETWEEN 1 AND 255 AND name !~ '[[:cntrl:]]' AND btrim(name) = name $$;
COMMENT ON FUNCTION config.is_name IS '1 to 255 bytes, no control characters, no blanks at the ends';

-- ---- Options --------------------------------------------------------------------------------------------------

CREATE FUNCTION config.is_seconds(value text) RETURNS boolean IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
    SELECT CASE WHEN value ~ '^[0-9]{1,9}(\.[0-9]{1,9})?$' THEN value::numeric <= 31536000 ELSE false END $$;
COMMENT ON FUNCTION config.is_seconds IS 'Seconds, 0 to a year';

-- The same table as engine/model/check_options.cpp; a test compares the two.
CREATE FUNCTION config.option_makes_sense(key text, value text) RETURNS boolean IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
    SELECT CASE
        WHEN key IN ('multimedia', 'voice', 'divert-on-ringing', 'sip-enable-call-info', 'default', 'timed-acw-in-idle',
                     'acw-in-idle-force-ready', 'capacity-treat-acw-as-interaction', 'tls-verify')
            THEN value IN ('true', 'false', 'yes', 'no', 'on', 'off', '1', '0')
        WHEN key = 'sip-signaling-chat' THEN value IN ('true', 'false', 'yes', 'no', 'on', 'off', '1', '0', 'none')
        WHEN key IN ('im-idle-timeout', 'no-answer-timeout', 'after-routing-timeout', 'router-timeout', 'unreachable-timeout',
                     'legal-guard-time')
            THEN config.is_seconds(value)
        WHEN key = 'wrap-up-time' THEN value = 'untimed' OR config.is_seconds(value)
        WHEN key IN ('max-sessions', 'max-new-per-second')
            THEN CASE WHEN value ~ '^[0-9]{1,9}$' THEN value::integer <= 1000000 ELSE false END
        WHEN key = 'no-answer-action' THEN value IN ('none', 'notready', 'logout')
        WHEN key = 'contact'
            THEN octet_length(value) <= 1024 AND value !~ '[[:cntrl:][:space:]<>"\\^`{|}]'
                 AND regexp_replace(value, '^sips?:', '', 'i') ~ '^(.+@)?[^@:;?][^@]*$'
        WHEN key = 'sip-domain' THEN octet_length(value) <= 255 AND value ~ '^[A-Za-z0-9._:[\]-]+$'
        WHEN key = 'prefix' THEN octet_length(value) <= 64 AND value ~ '^[+0-9*#]*$'
        WHEN key = 'default-dn' THEN octet_length(value) BETWEEN 1 AND 1024 AND value !~ '[[:cntrl:] ]'
        WHEN key IN ('im-hold-text', 'im-failed-text', 'im-restart-text') THEN octet_length(value) <= 65536
        ELSE true END $$;
COMMENT ON FUNCTION config.option_makes_sense IS 'An option of section TServer; keys that the server does not read take any value';

CREATE OR REPLACE FUNCTION config.options_make_sense(options jsonb) RETURNS boolean IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
    SELECT CASE WHEN NOT config.is_options(options) THEN false ELSE NOT EXISTS (
        SELECT FROM jsonb_each_text(coalesce(options -> 'TServer', '{}')) AS o(key, value)
        WHERE NOT config.option_makes_sense(o.key, o.value)) END $$;

CREATE UNIQUE INDEX switch_sip_domain ON config.switch ((options #>> '{TServer,sip-domain}'));

-- ---- Skill expressions ----------------------------------------------------------------------------------------

-- Each token with what it is: a symbol, a word (a skill, an integer, and, or, not).
CREATE FUNCTION config.skill_tokens(expression text) RETURNS text[] IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql AS $$
DECLARE
    token text;
    rest text := ltrim(expression, E' \t\n\r\v\f');
    tokens text[] := '{}';
BEGIN
    WHILE rest <> '' LOOP
        token := substring(rest FROM '^(?:>=|<=|!=|~=|==|<>|[><=()&|]|(?:[A-Za-z0-9_.-]|[^\u0001-\u007F])+)');
        IF token IS NULL THEN RAISE EXCEPTION 'skill expression: unexpected %', left(rest, 12) USING ERRCODE = '22023'; END IF;
        tokens := tokens || token;
        rest := ltrim(substr(rest, length(token) + 1), E' \t\n\r\v\f');
    END LOOP;
    RETURN tokens;
END $$;
COMMENT ON FUNCTION config.skill_tokens IS 'The words and symbols of a skill expression';

CREATE FUNCTION config.skill_expression_holds(expression text, levels jsonb) RETURNS boolean
    IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql AS $$
DECLARE
    tokens text[] := config.skill_tokens(expression);
    token text;
    level integer;
    wanted text;
    truths boolean[] := '{}';
    waiting text[] := '{}';  -- of ( ! & |
    operand boolean := true;  -- what comes next
    closes boolean;
    i integer := 1;
BEGIN
    IF octet_length(expression) > 4096 THEN RAISE EXCEPTION 'a skill expression has at most 4096 bytes' USING ERRCODE = '22023'; END IF;
    WHILE i <= cardinality(tokens) LOOP
        token := tokens[i];
        closes := false;
        IF operand THEN
            IF token = '(' OR token = 'not' THEN
                waiting := waiting || CASE token WHEN '(' THEN '(' ELSE '!' END;
                IF cardinality(waiting) > 128 THEN RAISE EXCEPTION 'skill expression: too deep' USING ERRCODE = '22023'; END IF;
            ELSE
                wanted := coalesce(tokens[i + 2], '');
                IF token !~ '^[^0-9]' OR token ~ '^[><=!~()&|]' OR token IN ('and', 'or') OR wanted !~ '^-?[0-9]{1,10}$'
                   OR wanted::numeric NOT BETWEEN -2147483648 AND 2147483647 THEN
                    RAISE EXCEPTION 'skill expression: expected a skill and its level, found %', token USING ERRCODE = '22023';
                END IF;
                level := coalesce((levels ->> token)::integer, 0);
                truths := truths || CASE tokens[i + 1]
                    WHEN '>' THEN level > wanted::integer WHEN '>=' THEN level >= wanted::integer
                    WHEN '<' THEN level < wanted::integer WHEN '<=' THEN level <= wanted::integer
                    WHEN '=' THEN level = wanted::integer WHEN '==' THEN level = wanted::integer
                    WHEN '!=' THEN level <> wanted::integer WHEN '~=' THEN level <> wanted::integer
                    WHEN '<>' THEN level <> wanted::integer END;
                IF truths[cardinality(truths)] IS NULL THEN
                    RAISE EXCEPTION 'skill expression: expected one of > >= < <= = != after %', token USING ERRCODE = '22023';
                END IF;
                i := i + 2;
                operand := false;
                closes := true;
            END IF;
        ELSIF token IN ('and', '&', 'or', '|', ')') THEN
            WHILE cardinality(waiting) > 0 AND (waiting[cardinality(waiting)] = '&'
                  OR (waiting[cardinality(waiting)] = '|' AND token NOT IN ('and', '&'))) LOOP
                truths := truths[1:cardinality(truths) - 2] || CASE waiting[cardinality(waiting)]
                    WHEN '&' THEN truths[cardinality(truths) - 1] AND truths[cardinality(truths)]
                    ELSE truths[cardinality(truths) - 1] OR truths[cardinality(truths)] END;
                waiting := waiting[1:cardinality(waiting) - 1];
            END LOOP;
            IF token = ')' THEN
                IF cardinality(waiting) = 0 THEN RAISE EXCEPTION 'skill expression: a ) too many' USING ERRCODE = '22023'; END IF;
                waiting := waiting[1:cardinality(waiting) - 1];
                closes := true;
            ELSE
                waiting := waiting || CASE WHEN token IN ('and', '&') THEN '&' ELSE '|' END;
                operand := true;
            END IF;
        ELSE
            RAISE EXCEPTION 'skill expression: expected and, or or the end, found %', token USING ERRCODE = '22023';
        END IF;
        IF closes THEN
            WHILE cardinality(waiting) > 0 AND waiting[cardinality(waiting)] = '!' LOOP
                truths := truths[1:cardinality(truths) - 1] || NOT truths[cardinality(truths)];
                waiting := waiting[1:cardinality(waiting) - 1];
            END LOOP;
        END IF;
        i := i + 1;
    END LOOP;
    IF operand OR '(' = ANY (waiting) THEN RAISE EXCEPTION 'skill expression: found the end too early' USING ERRCODE = '22023'; END IF;
    WHILE cardinality(waiting) > 0 LOOP
        truths := truths[1:cardinality(truths) - 2] || CASE waiting[cardinality(waiting)]
            WHEN '&' THEN truths[cardinality(truths) - 1] AND truths[cardinality(truths)]
            ELSE truths[cardinality(truths) - 1] OR truths[cardinality(truths)] END;
        waiting := waiting[1:cardinality(waiting) - 1];
    END LOOP;
    RETURN truths[1];
END $$;
COMMENT ON FUNCTION config.skill_expression_holds IS
    'Whether somebody with these levels, {"billing": 7}, is in a virtual group of this expression; a skill that is not there is level 0';

CREATE FUNCTION config.is_skill_expression(expression text) RETURNS boolean IMMUTABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN
    RETURN config.skill_expression_holds(expression, '{}') IS NOT NULL;
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN false;
END $$;
COMMENT ON FUNCTION config.is_skill_expression IS 'An expression such as billing >= 5 and english > 2';

-- NOT VALID: what is there stays; a site that was imported has none.
ALTER TABLE config.agent_group ADD CONSTRAINT agent_group_expression
    CHECK (script IS NULL OR config.is_skill_expression(script)) NOT VALID;

-- At the end of the transaction: one that moves a group from members to skills is right as a whole.
CREATE FUNCTION config.check_group() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong text;
BEGIN
    SELECT t.token INTO wrong
        FROM config.agent_group AS g, unnest(config.skill_tokens(g.script)) AS t(token)
        WHERE g.tenant = NEW.tenant AND g.name = NEW.name AND t.token ~ '^([A-Za-z_.-]|[^\u0001-\u007F])'
          AND t.token !~ '^-[0-9]+$' AND t.token NOT IN ('and', 'or', 'not')
          AND NOT EXISTS (SELECT FROM config.skill AS s WHERE s.tenant = g.tenant AND s.name = t.token) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'agent group %: its script names the skill %, which tenant % does not have', NEW.name, wrong, NEW.tenant
            USING ERRCODE = '23503';
    END IF;
    PERFORM FROM config.agent_group AS g JOIN config.agent_group_member AS m ON m.tenant = g.tenant AND m.agent_group = g.name
        WHERE g.tenant = NEW.tenant AND g.name = NEW.name AND g.script IS NOT NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'agent group % has members and a script; it can have one of them', NEW.name USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION config.check_group IS 'A group has members or a script, and its script names skills that are there';

CREATE FUNCTION config.check_group_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM config.agent_group_member AS m JOIN config.agent_group AS g ON g.tenant = m.tenant AND g.name = m.agent_group
        WHERE m.dbid = NEW.dbid AND g.script IS NOT NULL;
    IF FOUND THEN
        RAISE EXCEPTION 'agent group % has members and a script; it can have one of them', NEW.agent_group USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION config.check_group_member IS 'Only groups without a script have members';

CREATE FUNCTION config.check_skill_left() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    group_name text;
BEGIN
    SELECT g.name INTO group_name FROM config.agent_group AS g
        WHERE g.tenant = OLD.tenant AND OLD.name = ANY (config.skill_tokens(g.script))
          AND NOT EXISTS (SELECT FROM config.skill AS s WHERE s.tenant = OLD.tenant AND s.name = OLD.name) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'skill % is named by the script of agent group %; change that first', OLD.name, group_name
            USING ERRCODE = '23503';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION config.check_skill_left IS 'A skill that a script names cannot go or be renamed';

CREATE CONSTRAINT TRIGGER check_group AFTER INSERT OR UPDATE ON config.agent_group DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.script IS NOT NULL) EXECUTE FUNCTION config.check_group();
CREATE CONSTRAINT TRIGGER check_group AFTER INSERT OR UPDATE ON config.agent_group_member DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION config.check_group_member();
CREATE CONSTRAINT TRIGGER check_group AFTER UPDATE OF name OR DELETE ON config.skill DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION config.check_skill_left();
