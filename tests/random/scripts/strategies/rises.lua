local proof = require "lib.proof"

return function(ix)
  local by, every, limit = math.random(1, 4), math.random(2, 9), math.random(5, 20)
  ix:increment_priority{by = by, every = every, limit = limit}
  ix.userdata.rises = ("%d/%d/%d"):format(by, every, limit)
  proof.route(ix, "group:All_Agents", {timeout = 90})
end
