local proof = require "lib.proof"

return function(ix)
  local routed, why = proof.route(ix, "skill:billing >= 5", {timeout = 25})
  while not routed and why ~= "abandoned" and why ~= "no_target" do
    proof.say(ix, "still looking: " .. why)
    routed, why = proof.route(ix, "group:All_Agents", {timeout = 30})
  end
end
