-- Greets, asks, attaches the answer and routes by skill, as a real desk would.

return function(ix)
  local request = ix:collect_digits{total_timeout = 60}
  local topic = ix:play_announcement_and_collect_digits{text = "Welcome. What is it about?", total_timeout = 60}
  ix:attach{request = request, topic = topic}
  ix:route{targets = {target.skill "billing >= 5"}, timeout = 60}
end
