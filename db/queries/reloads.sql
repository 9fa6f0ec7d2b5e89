-- The last hundred loads and reloads of the scripts, and why some were refused.
SELECT g.loaded_at, g.generation, g.outcome, left(g.hash, 12) AS hash, g.errors
FROM reporting.script_generation g
ORDER BY g.loaded_at DESC
LIMIT 100
