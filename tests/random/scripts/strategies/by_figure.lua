-- Every figure that a choice can go by, one a session.
local proof = require "lib.proof"

local figures = {
  "StatTimeInReadyState", "StatAgentLoading", "StatAgentLoadingMedia", "RStatRoundRobin", "StatAgentSkill:billing",
  "StatAgentSkill:english", "Percentage", "Random", "lua:calm",
}

return function(ix)
  local by = figures[math.random(#figures)]
  local asks = math.random(2) == 1 and "group:All_Agents" or "group:Billing,skill:english >= 5"
  proof.route(ix, asks, {timeout = 40, statistic = by})
end
