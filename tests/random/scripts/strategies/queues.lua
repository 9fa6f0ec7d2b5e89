-- In and out of virtual queues, by hand and by the route.
local proof = require "lib.proof"

return function(ix)
  ix:queue("VQ_one")
  local routed, why = proof.route(ix, "group:Billing", {timeout = 15, queue = "VQ_two"})
  if routed or why == "abandoned" then return end
  ix:dequeue("VQ_one")
  routed, why = proof.route(ix, "skill:english >= 5", {timeout = 15, queue = "VQ_one"})
  if routed or why == "abandoned" then return end
  ix:queue("VQ_two")
  proof.collect(ix, 5)
  proof.route(ix, "group:All_Agents", {timeout = 30})
end
