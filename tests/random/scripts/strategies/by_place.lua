local proof = require "lib.proof"

return function(ix)
  local routed, why = proof.route(ix, "place:P3001", {timeout = 10})
  if not routed and why == "timeout" then
    proof.route(ix, "place_group:First_Floor", {timeout = 40})
  end
end
