local proof = require "lib.proof"

return function(ix)
  proof.collect(ix, 5)
  ix.userdata.handed = "over"
  local routed, why = ix:route_by_client{timeout = 20}
  if routed or why == "abandoned" then return end
  ix.userdata.handed = "back: " .. why
  proof.route(ix, "group:All_Agents", {timeout = 30})
end
