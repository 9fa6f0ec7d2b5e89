-- A customer who comes back talks to the agent of last time, where that one is there soon; else to anybody.

local everybody = {target.group "All_Agents"}

-- Reports are a database like any other: who answered this customer last, within a month.
local last_agent = [[
  SELECT route.agent
  FROM reporting.route JOIN reporting.interaction ON interaction.id = route.interaction_id
  WHERE interaction.tenant = $1 AND interaction.customer = $2
    AND route.agent IS NOT NULL AND route.requested_at > now() - interval '30 days'
  ORDER BY route.requested_at DESC LIMIT 1]]

local function agent_of_last_time(ix)
  local rows, why = db.query(last_agent, {ix.tenant, ix.customer}, {timeout = 2})
  -- Without the database customers are served all the same.
  if not rows then ix:log("warn", "no last agent:", why) end
  return rows and rows[1] and rows[1].agent
end

return function(ix)
  local request = ix:collect_digits{total_timeout = 90}
  ix.userdata.request = request

  local agent = agent_of_last_time(ix)
  if agent then
    ix:attach{last_agent = agent}
    if ix:route{targets = {target.agent(agent)}, timeout = 20} then return end
  end
  if ix:route{targets = everybody, timeout = 120} then return end
  ix:default_route()
end
