-- Tells the customer something. For chat, an announcement is an automated text.
--
--   ix:play_announcement{text = "We will be with you in a minute."}
--
-- text  what the customer reads
-- file  a recording, for calls; a chat reads the text beside it
--
-- Returns true, or nil and "abandoned" where the customer has left.

return function(ix, params)
  for key in pairs(params) do
    if key ~= "text" and key ~= "file" then
      error("play_announcement: unknown key '" .. tostring(key) .. "'; known are text, file", 3)
    end
  end
  if params.file and not params.text then
    error("play_announcement: a file cannot be played in a chat; give the text that says the same", 3)
  end
  if type(params.text) ~= "string" or params.text == "" then
    error("play_announcement: text must be a string that is not empty, got a " .. type(params.text), 3)
  end
  return ix:send_text(params.text)
end
