-- The topic is read from what the customer wrote. The list "topics" of the configuration says which word means which topic
-- (invoice -> billing); people add words there while the server runs.

local words = require "words"

-- Who knows about which topic.
local desks = {
  billing = {target.skill "billing >= 5"},
  language = {target.skill "english >= 5"},
}
local everybody = {target.group "All_Agents"}

local function topic_of(word)
  return config.list("topics", word)
end

return function(ix)
  local request = ix:collect_digits{total_timeout = 90} or ""
  local topic, word = words.first_known(request, topic_of)

  -- No word that we know: ask once, by the topics themselves.
  if not topic then
    local answer = ix:play_announcement_and_collect_digits{
      text = "Which is it about: billing or language?",
      total_timeout = 45,
    }
    topic, word = words.first_known(answer or "", function(said) return desks[said] and said end)
  end
  -- The agent sees what it is about and which word said so.
  ix:attach{request = request, topic = topic or "other", topic_word = word or ""}

  -- A topic without a desk of its own is everybody's from the beginning.
  if desks[topic] and ix:route{targets = desks[topic], timeout = 45} then return end
  if ix:route{targets = everybody, timeout = 120} then return end
  ix:default_route()
end
