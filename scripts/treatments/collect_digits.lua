-- Collects what the customer writes next. For chat, "digits" are the whole text of the message.
--
--   local text, reason = ix:collect_digits{total_timeout = 60, prompt = "Please tell us more."}
--
-- total_timeout  seconds to wait, 60 where it is left out
-- prompt         sent to the customer first, where given
--
-- Returns the text, or nil and "timeout" or "abandoned". The customer's first message, if nobody collected it yet, counts:
-- people write what they want before anybody has asked.

local known = {total_timeout = "number", prompt = "string"}

return function(ix, params)
  for key, value in pairs(params) do
    if type(value) ~= known[key] then
      -- Level 3 blames the line of the strategy that called.
      error("collect_digits: total_timeout (a number) and prompt (a string) are expected, got "
        .. tostring(key) .. " (a " .. type(value) .. ")", 3)
    end
  end
  if params.prompt then
    local sent, reason = ix:send_text(params.prompt)
    if not sent then return nil, reason end
  end
  return ix:receive_text{timeout = params.total_timeout or 60, first_too = true}
end
