local proof = require "lib.proof"

return function(ix)
  if not proof.route(ix, "group:All_Agents", {timeout = 50}) then return end
  proof.say(ix, "you talk to " .. (ix.agent or "somebody"))
  for n = 1, 3 do
    local text = proof.collect(ix, 60)
    if not text then return end
    ix:attach{["said_" .. n] = text}
  end
end
