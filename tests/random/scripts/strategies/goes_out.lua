local proof = require "lib.proof"

return function(ix)
  if ix.ani:match("[048]$") then proof.collect(ix, 20) end
  local routed, why = ix:route_to(ix.ani:match("[13579]$") and "+49 30 110" or "sip:doc@192.0.2.40")
  if not routed and why ~= "abandoned" then proof.route(ix, "group:All_Agents", {timeout = 40}) end
end
