local proof = require "lib.proof"

return function(ix)
  proof.collect(ix, 10)
  local nothing = nil
  nothing.call()
end
