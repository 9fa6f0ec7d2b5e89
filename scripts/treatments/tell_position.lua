-- Tells a customer who waits, again and again, how many are before him. Made for on_wait, which is cut short when an agent
-- is found:
--
--   ix:route{targets = .., on_wait = function(ix) ix:treat("tell_position", {every = 60}) end}
--
-- every  seconds between two texts, 60 where it is left out
--
-- Returns nil and "abandoned" when the customer leaves.

local function text_of(position, wait)
  local text = position == 1 and "You are next." or "There are " .. position - 1 .. " before you."
  if not wait then return text end
  return text .. " It will take about " .. math.max(1, math.ceil(wait / 60)) .. " min."
end

return function(ix, params)
  local every = params.every or 60
  if type(every) ~= "number" or every < 1 then
    error("tell_position: every must be a number of seconds, 1 or more, got " .. tostring(every), 3)
  end
  while true do
    local position = ix.position
    if position then
      local sent, reason = ix:send_text(text_of(position, ix.expected_wait))
      if not sent then return nil, reason end
    end
    local slept, reason = ix:sleep(every)
    if not slept then return nil, reason end
  end
end
