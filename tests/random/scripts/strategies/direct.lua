local proof = require "lib.proof"

return function(ix)
  local routed, why = ix:route_to("3003")
  if not routed and why ~= "abandoned" then proof.route(ix, "group:All_Agents", {timeout = 40}) end
end
