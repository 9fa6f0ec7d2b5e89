-- What must be known over a restart: which requests were taken, and how to reach customers in pager mode.

ALTER TABLE reporting.message ADD COLUMN transaction uuid;
COMMENT ON COLUMN reporting.message.transaction IS
    'Digest of the SIP request that brought it: a repetition is known again for 32 s, over a restart too';
ALTER TABLE reporting.interaction ADD COLUMN leg text, ADD COLUMN leg_host text, ADD COLUMN leg_route text;
COMMENT ON COLUMN reporting.interaction.leg IS 'Pager mode: what the customer''s texts are known by (number, From address, peer)';
COMMENT ON COLUMN reporting.interaction.leg_host IS 'Pager mode: the host that the customer wrote to';
COMMENT ON COLUMN reporting.interaction.leg_route IS 'Pager mode: where texts to the customer are sent';

-- Comments of columns do not reach the partitions that are there already.
DO $$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT i.inhrelid::regclass AS part, a.attname AS name, col_description(a.attrelid, a.attnum) AS says
        FROM pg_inherits i JOIN pg_attribute a ON a.attrelid = i.inhparent
        WHERE i.inhparent IN ('reporting.message'::regclass, 'reporting.interaction'::regclass)
          AND a.attname IN ('transaction', 'leg', 'leg_host', 'leg_route')
    LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', found.part, found.name, found.says);
    END LOOP;
END $$;
