-- Waits in coroutines of its own: each suspends the whole strategy.
local proof = require "lib.proof"

local function asked(ix)
  return coroutine.wrap(function()
    for n = 1, 2 do
      proof.say(ix, "question " .. n)
      coroutine.yield(proof.collect(ix, 12) or "nothing")
    end
  end)
end

return function(ix)
  for text in asked(ix) do ix:attach{said = text} end
  local inner = coroutine.create(function()
    ix:sleep(1)
    return select(2, pcall(proof.route, ix, "group:All_Agents", {timeout = 35}))
  end)
  local fine, routed = coroutine.resume(inner)
  if not (fine and routed) then proof.say(ix, "nobody is there") end
end
