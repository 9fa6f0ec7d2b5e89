-- Does nothing for its customer until router-timeout takes the session away.
local proof = require "lib.proof"

return function(ix)
  ix:sleep(math.random(5, 15))
  proof.route(ix, "group:All_Agents", {timeout = 20})
end
