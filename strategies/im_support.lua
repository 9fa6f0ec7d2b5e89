-- Support by instant message: take what the customer wrote, ask for the topic, find somebody who knows about it.

-- Who is asked for which topic. A skill finds everybody who has it, in whatever group.
local topics = {
  billing = {target.skill "billing >= 5"},
  english = {target.skill "english >= 1"},
}
local everybody = {target.group "All_Agents"}

return function(ix)
  -- The first message says what it is about; collected first, it is kept for the agent.
  local request = ix:collect_digits{total_timeout = 90}
  ix.userdata.request = request

  local answer = ix:play_announcement_and_collect_digits{
    text = "Welcome to support. Is it about billing, or something else?",
    total_timeout = 90,
  }
  local topic = (answer or "none"):lower():match("%a+") or "none"
  ix:attach{topic = topic}

  -- First those who know the topic, for a while; then everybody who is there.
  ix:play_announcement{text = "Thank you. We are looking for somebody who can help."}
  if topics[topic] and ix:route{targets = topics[topic], timeout = 30} then return end
  if ix:route{targets = everybody, timeout = 120} then return end

  -- Nobody in time: say so, and let the routing point's default take over.
  ix:play_announcement{text = "Everybody is busy at the moment. Your message will be looked at."}
  ix:default_route()
end
