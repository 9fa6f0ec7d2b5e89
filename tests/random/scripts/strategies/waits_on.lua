local proof = require "lib.proof"

return function(ix)
  local _, why = proof.route(ix, "agent:ann,group:Billing", {})
  if why == "rejected" then proof.route(ix, "group:All_Agents", {}) end
end
