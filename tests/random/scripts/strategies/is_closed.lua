local proof = require "lib.proof"

return function(ix)
  proof.collect(ix, 5)
  proof.say(ix, "we are closed")
  ix:disconnect("closed")
end
