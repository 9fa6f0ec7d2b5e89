-- A busy treatment that speaks, listens, sleeps and at times fails; its <close> variable says when it is over.
local proof = require "lib.proof"

local function busily(ix)
  ix.userdata.busy = "on"
  local over <close> = setmetatable({}, {__close = function() ix.userdata.busy = "off" end}) -- luacheck: ignore 211
  while true do
    proof.say(ix, "still looking")
    if math.random(3) == 1 then proof.ask(ix, "busy") end
    local text = proof.collect(ix, 4)
    if text and text:find "5$" then error("on purpose") end
    ix:sleep(2)
  end
end

return function(ix)
  local routed, why = proof.route(ix, "group:Billing", {timeout = 30, on_wait = busily})
  if routed or why == "abandoned" then return end
  proof.say(ix, "nobody of them")
  proof.route(ix, "group:All_Agents", {timeout = 60, on_wait = busily})
end
