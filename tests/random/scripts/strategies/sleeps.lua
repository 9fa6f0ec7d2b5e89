local proof = require "lib.proof"

return function(ix)
  ix:sleep(3)
  ix:set_priority(math.random(0, 3))
  proof.route(ix, "skill:english >= 5", {timeout = 60})
  ix:sleep(1)
end
