-- Always by a figure of a script, so that a stale one is seen soon.
local proof = require "lib.proof"

return function(ix)
  proof.route(ix, "group:All_Agents", {timeout = 60, statistic = "lua:calm"})
end
