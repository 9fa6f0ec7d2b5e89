-- Why that agent: the routing decisions of one interaction, with the next best and who was ruled out by what.
-- $1: its uuid, CallUUID or ConnID (default: the latest interaction)
SELECT d.at, d.strategy || coalesce(':' || d.line, '') AS asked_by, d.winner, d.figure, d.candidates,
       d.next_best, d.ruled_out, d.elapsed_us
FROM reporting.decision d
WHERE d.interaction_id = reporting.interaction_id($1::text)
ORDER BY d.seq
