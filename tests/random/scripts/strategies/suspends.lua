local proof = require "lib.proof"

return function(ix)
  proof.say(ix, "hello")
  for _ = 1, 2 do
    local event, why = ix:suspend_for_event{type = "EventUserEvent", timeout = 15}
    ix.userdata.woke = event and event.UserData.note or "nothing: " .. why
    if why == "abandoned" then return end
  end
  proof.route(ix, "group:All_Agents", {timeout = 30})
end
