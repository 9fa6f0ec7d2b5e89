local proof = require "lib.proof"

return function(ix)
  local routed, why = proof.route(ix, "dn:3002,dn:3011", {timeout = 15})
  if not routed and why == "timeout" then proof.route(ix, "dn:3004,agent:fay", {timeout = 30}) end
end
