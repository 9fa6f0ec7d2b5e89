-- Whoever has the least in hand; among those, whoever knows most. For ix:route{statistic = "lua:least_loaded_best_skilled"}.
--
-- Asked again only when a field of the agent changes, so it answers from its argument alone. The greatest number wins; an
-- agent for whom there is none is left out.

-- One interaction more weighs more than any skill: levels go to a million.
local per_interaction = 1000000

return function(agent)
  local best = 0
  for _, level in pairs(agent.skills) do
    best = math.max(best, level)
  end
  return best - per_interaction * agent.load.total
end
