local proof = require "lib.proof"

return function(ix)
  local routed, why = ix:default_route()
  if not routed and why ~= "abandoned" then proof.say(ix, "sorry: " .. why) end
end
