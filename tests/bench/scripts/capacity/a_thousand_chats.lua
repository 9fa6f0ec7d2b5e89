-- No agent is ever full: a bench measures the server, not the agents.

return function(load, media)
  return media == "chat" and load.chat < 1000
end
