-- Routes and nothing else: the least that a session can cost.

return function(ix)
  ix:route{targets = {target.group "All_Agents"}, timeout = 60}
end
