-- What `trunkctl import` refuses besides: two default switches of a tenant, an @ in a number or code, places where nobody
-- can sit. Whoever writes an option that makes no sense reads which one it was.

CREATE OR REPLACE FUNCTION config.options_make_sense(options jsonb) RETURNS boolean IMMUTABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    IF NOT config.is_options(options) THEN RETURN false; END IF;
    SELECT o.key, o.value INTO wrong FROM jsonb_each_text(coalesce(options -> 'TServer', '{}')) AS o(key, value)
        WHERE NOT config.option_makes_sense(o.key, o.value) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'options.TServer.%: ''%'' makes no sense', wrong.key, left(wrong.value, 60)
            USING ERRCODE = '23514', HINT = 'trunkctl import, with the same value in a site file, says what the option takes';
    END IF;
    RETURN true;
END $$;
COMMENT ON FUNCTION config.options_make_sense IS
    'Options in their form: section, key, plain value; where one of section TServer makes no sense, an error that names it';

CREATE FUNCTION config.check_default_switch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    other text;
BEGIN
    SELECT o.name INTO other FROM config.switch AS s JOIN config.switch AS o ON o.tenant = s.tenant AND o.dbid <> s.dbid
        WHERE s.dbid = NEW.dbid AND s.options #>> '{TServer,default}' IN ('true', 'yes', 'on', '1')
          AND o.options #>> '{TServer,default}' IN ('true', 'yes', 'on', '1') LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'switch % is the default of tenant % already; a tenant has one', other, NEW.tenant USING ERRCODE = '23505';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION config.check_default_switch IS 'A tenant has one default switch at most';

-- At the end of the transaction: another switch becomes the default in two statements.
CREATE CONSTRAINT TRIGGER check_default AFTER INSERT OR UPDATE ON config.switch DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION config.check_default_switch();

CREATE FUNCTION config.refuse_at_sign() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    name text := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
    IF position('@' IN name) > 0 THEN
        RAISE EXCEPTION '% has an @ in it, behind which the name of the switch stands wherever a % is asked for; take it out',
            name, TG_ARGV[0] USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION config.refuse_at_sign IS 'number@switch and code@switch name an object of a certain switch';
CREATE TRIGGER refuse_at_sign BEFORE INSERT OR UPDATE OF number ON config.dn
    FOR EACH ROW EXECUTE FUNCTION config.refuse_at_sign('number');
CREATE TRIGGER refuse_at_sign BEFORE INSERT OR UPDATE OF code ON config.agent_login
    FOR EACH ROW EXECUTE FUNCTION config.refuse_at_sign('code');

CREATE FUNCTION config.check_seat() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seat record;
BEGIN
    SELECT p.place, d.type INTO seat FROM config.place_dn AS p JOIN config.dn AS d ON d.switch = p.switch AND d.number = p.number
        WHERE p.switch = NEW.switch AND p.number = NEW.number AND d.type IN ('RoutingPoint', 'VirtualQueue', 'Trunk');
    IF FOUND THEN
        RAISE EXCEPTION 'place %: % is a %, where nobody can sit; a place has Extensions or ACDPositions',
            seat.place, NEW.number, seat.type USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION config.check_seat IS 'The DNs of a place are where people can sit';
CREATE CONSTRAINT TRIGGER check_seat AFTER INSERT OR UPDATE ON config.place_dn DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION config.check_seat();
CREATE CONSTRAINT TRIGGER check_seat AFTER UPDATE OF type ON config.dn DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION config.check_seat();
