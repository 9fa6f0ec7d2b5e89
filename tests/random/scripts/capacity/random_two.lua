return function(load, media)
  return media == "chat" and load.chat < 2
end
