-- Two chats side by side, or one call and nothing else. Asked once for each distinct load and remembered until the next
-- reload, so a rule answers from its arguments alone.

return function(load, media)
  if media == "voice" then return load.total == 0 end
  return load.voice == 0 and load.chat < 2
end
