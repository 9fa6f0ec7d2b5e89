return function(load, media)
  return media == "chat" and load.chat < 1
end
