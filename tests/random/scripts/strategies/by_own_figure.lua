-- A function of the strategy's own as statistic.
local proof = require "lib.proof"

return function(ix)
  proof.route(ix, "group:All_Agents", {timeout = 40, statistic = function(agent)
    local english = agent.skills.english or 0
    if english < 2 then return nil end
    return english - 3 * agent.load.chat
  end})
end
