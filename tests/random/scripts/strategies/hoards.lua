-- Takes more memory than an interaction may: it fails alone, its `default` goes on.
local proof = require "lib.proof"

return {
  run = function(ix)
    proof.collect(ix, 5)
    local hoard = {}
    for n = 1, 1000000 do hoard[n] = {n} end
    ix:log("info", #hoard)
  end,
  default = function(ix)
    proof.say(ix, "a moment")
    proof.route(ix, "skill:english >= 5", {timeout = 20})
  end,
}
