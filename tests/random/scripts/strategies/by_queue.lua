local proof = require "lib.proof"

return function(ix)
  local routed, why = proof.route(ix, "queue:Q_one", {timeout = 20})
  if not routed and why == "timeout" then
    proof.route(ix, "queue:Q_one,agent:bob", {timeout = 30})
  end
end
