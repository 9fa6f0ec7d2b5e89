-- Tells the customer something. For chat, an announcement is an automated text.
--
--   ix:play_announcement{text = "We will be with you in a minute."}
--
-- Returns true, or nil and "abandoned" where the customer has left.

return function(ix, params)
  for key in pairs(params) do
    if key ~= "text" then
      error("play_announcement: unknown key '" .. tostring(key) .. "'; known is text", 3)
    end
  end
  if type(params.text) ~= "string" or params.text == "" then
    error("play_announcement: text must be a string that is not empty, got a " .. type(params.text), 3)
  end
  return ix:send_text(params.text)
end
