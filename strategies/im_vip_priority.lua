-- The same desk, where some customers come first. They are known by the list "vip", by their address, or by user data
-- that something before us attached.

local vip_priority = 100

local experts = {target.skill "billing >= 5"}
local everybody = {target.group "All_Agents"}

local function is_vip(ix)
  if ix.userdata.segment == "vip" then return true end
  return config.list("vip", ix.customer) ~= nil
end

return function(ix)
  local request = ix:collect_digits{total_timeout = 90}
  ix.userdata.request = request

  if is_vip(ix) then
    ix:set_priority(vip_priority)
    ix:attach{segment = "vip"}
    ix:play_announcement{text = "Welcome back. One of our experts will be with you in a moment."}
    -- The best first, but not for long: a VIP rather talks to anybody than waits.
    if ix:route{targets = experts, timeout = 20} then return end
    if ix:route{targets = {experts[1], everybody[1]}, timeout = 300} then return end
  else
    ix:play_announcement{text = "Welcome to support. Somebody will be with you shortly."}
    if ix:route{targets = everybody, timeout = 120} then return end
  end

  ix:play_announcement{text = "Everybody is busy at the moment. Your message will be looked at."}
  ix:default_route()
end
