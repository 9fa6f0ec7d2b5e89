-- Best at English with the least in hand. Who speaks hardly any is ruled out, who speaks some while he has a session.
return function(agent)
  local english, load = agent.skills.english or 0, agent.load.chat
  if english == 0 or (english < 6 and load > 0) then return nil end
  if english == 1 then error("on purpose") end
  return english - 10 * load
end
