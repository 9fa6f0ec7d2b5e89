-- Somebody answers in business hours only, on the clocks of the tenant (its time zone stands in the configuration). The list
-- "holidays" says on which dates the desk is closed and why: "2026-12-25" -> "Christmas Day".

local hours = "Mon-Fri 08:00-18:00, Sat 09:00-13:00"
local in_words = "We are here Monday to Friday from 8 to 18 and on Saturday from 9 to 13."

local everybody = {target.group "All_Agents"}

-- What to tell the customer; nil while the desk is open.
local function closed()
  local holiday = config.list("holidays", os.date("%Y-%m-%d"))
  if holiday then return "Today is " .. holiday .. ", and nobody is here." end
  if not time.in_hours(hours) then return "Nobody is here at the moment." end
end

return function(ix)
  local request = ix:collect_digits{total_timeout = 90}
  ix.userdata.request = request

  local why = closed()
  if why then
    ix:play_announcement{text = why .. " " .. in_words}
    ix:disconnect("closed")
    return
  end

  -- Open: whoever is there, longest idle first.
  ix:play_announcement{text = "Welcome. Somebody will be with you shortly."}
  if ix:route{targets = everybody, timeout = 120} then return end
  ix:default_route()
end
