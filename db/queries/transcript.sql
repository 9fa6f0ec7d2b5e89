-- What was said in one interaction.
-- $1: its uuid, CallUUID or ConnID (default: the latest interaction)
SELECT m.at, m.direction, m.from_dn AS "from", m.text, m.status
FROM reporting.message m
WHERE m.interaction_id = reporting.interaction_id($1::text)
ORDER BY m.seq
