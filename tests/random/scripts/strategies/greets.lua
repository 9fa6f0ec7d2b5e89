local proof = require "lib.proof"

return function(ix)
  proof.say(ix, "welcome")
  local topic = proof.collect(ix, 20)
  if topic then ix:attach{topic = topic, length = #topic} end
  proof.say(ix, "one moment")
  if not proof.route(ix, "group:All_Agents", {timeout = 45}) then proof.say(ix, "nobody is free") end
end
