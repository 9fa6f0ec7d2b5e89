-- People paste whatever id they have before them.
CREATE FUNCTION reporting.interaction_id(any_id text) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN any_id IS NULL OR any_id = '' THEN
            (SELECT id FROM reporting.interaction ORDER BY started_at DESC LIMIT 1)
        WHEN any_id ~* '^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$' THEN any_id::uuid
        WHEN any_id ~* '^[0-9a-f]{1,16}$' THEN
            (SELECT id FROM reporting.interaction WHERE conn_id = lpad(lower(any_id), 16, '0')
             ORDER BY started_at DESC LIMIT 1)
    END
$$;
COMMENT ON FUNCTION reporting.interaction_id(text) IS
    'interaction.id for a uuid, a CallUUID or a ConnID; the latest interaction for null; null for what is no id';
