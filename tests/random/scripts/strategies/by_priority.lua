local proof = require "lib.proof"

return function(ix)
  local text = proof.collect(ix, 15)
  local priority = text and tonumber(text:match("(%d)$")) or 0
  proof.route(ix, "group:All_Agents", {timeout = 120, priority = priority})
end
