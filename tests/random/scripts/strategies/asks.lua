-- Asks a database and the web, one after the other, and tells what came.
local proof = require "lib.proof"

return function(ix)
  proof.say(ix, "hello")
  for n = 1, 3 do
    if proof.ask(ix, "word" .. n) == "abandoned" then return end
  end
  proof.route(ix, "group:All_Agents", {timeout = 30})
end
