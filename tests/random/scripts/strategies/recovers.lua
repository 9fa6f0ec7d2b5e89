local proof = require "lib.proof"

return {
  run = function(ix)
    ix:attach{step = "run"}
    error("on purpose")
  end,
  default = function(ix)
    proof.say(ix, "a moment")
    proof.route(ix, "group:Billing", {timeout = 20})
  end,
}
