-- More and more targets, one route after the other.
local proof = require "lib.proof"

return function(ix)
  local asks = "agent:eve"
  for _, more in ipairs{"place:P3002", "group:Billing", "skill:english >= 5", "group:All_Agents"} do
    local routed, why = proof.route(ix, asks, {timeout = 8})
    if routed or why == "abandoned" then return end
    asks = asks .. "," .. more
  end
  proof.route(ix, asks, {timeout = 60})
end
