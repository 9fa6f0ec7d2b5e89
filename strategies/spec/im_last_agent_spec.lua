-- What strategies/im_last_agent.lua does; written like im_support_spec.lua.

local query = [[wait query   SELECT route.agent
  FROM reporting.route JOIN reporting.interaction ON interaction.id = route.interaction_id
  WHERE interaction.tenant = $1 AND interaction.customer = $2
    AND route.agent IS NOT NULL AND route.requested_at > now() - interval '30 days'
  ORDER BY route.requested_at DESC LIMIT 1 ['Resources', 'sip:sue@example.com'] 2]]

return {
  ["the agent of last time has a moment"] = {
    "wait text 90 first", {text = "me again"},
    'attach {"request":"me again"}',
    query, {rows = {{agent = "ann"}}},
    'attach {"last_agent":"ann"}', "wait route agent:ann 20", {routed = "ann"},
    "finished",
  },
  ["he has not: anybody"] = {
    "wait text 90 first", {text = "me again"},
    'attach {"request":"me again"}',
    query, {rows = {{agent = "ann"}}},
    'attach {"last_agent":"ann"}', "wait route agent:ann 20", {not_routed = "timeout"},
    "wait route group:All_Agents 120", {routed = "bob"},
    "finished",
  },
  ["a new customer; nobody in time: the default"] = {
    "wait text 90 first", {text = "hello"},
    'attach {"request":"hello"}',
    query, {rows = {}},
    "wait route group:All_Agents 120", {not_routed = "timeout"},
    "wait to ", {routed = ""},
    "finished",
  },
  ["the database does not answer: anybody"] = {
    "wait text 90 first", {timeout = true},
    "detach request",
    query, {query_failed = "timeout"},
    "warn: no last agent: timeout",
    "wait route group:All_Agents 120", {routed = "bob"},
    "finished",
  },
}
