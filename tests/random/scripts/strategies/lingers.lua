-- Stays long in its generation: nine of those are one too many.
local proof = require "lib.proof"

return {
  run = function(ix)
    for _ = 1, 3 do proof.collect(ix, 200) end
  end,
  default = function(ix)
    ix.userdata.defaulted = "yes"
    proof.route(ix, "group:All_Agents", {timeout = 20})
  end,
}
