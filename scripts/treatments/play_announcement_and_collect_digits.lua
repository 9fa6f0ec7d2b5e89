-- Asks the customer something and collects the answer: play_announcement and collect_digits in one.
--
--   local topic, reason = ix:play_announcement_and_collect_digits{text = "What is it about?", total_timeout = 60}
--
-- text           the question
-- total_timeout  seconds to wait for the answer, 60 where it is left out
--
-- Returns as collect_digits does. Also as there, a first message that nobody collected yet counts as the answer, so a
-- strategy that greets with a question collects that message before it asks.

return function(ix, params)
  for key in pairs(params) do
    if key ~= "text" and key ~= "total_timeout" then
      error("play_announcement_and_collect_digits: unknown key '" .. tostring(key)
        .. "'; known are text, total_timeout", 3)
    end
  end
  if type(params.text) ~= "string" or params.text == "" then
    error("play_announcement_and_collect_digits: text must be a string that is not empty, got a "
      .. type(params.text), 3)
  end
  local sent, reason = ix:send_text(params.text)
  if not sent then return nil, reason end
  return ix:receive_text{timeout = params.total_timeout or 60, first_too = true}
end
