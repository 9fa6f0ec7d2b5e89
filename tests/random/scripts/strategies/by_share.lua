-- Three of four to one agent, where both could.
local proof = require "lib.proof"

return function(ix)
  ix:attach{asks = "agent:bob,agent:dan", by = "Percentage"}
  ix:route{
    targets = {target.agent("bob", {weight = 3}), target.agent("dan", {weight = 1})},
    statistic = "Percentage", timeout = 40,
  }
  local who = ix.agent
  if who then proof.say(ix, "you talk to " .. who) end
end
