-- What the random test's strategies share: they tell user data what they heard and what they ask for.
local proof = {}

function proof.collect(ix, seconds)
  local text, why = ix:collect_digits{total_timeout = seconds}
  if text then ix.userdata.heard = text end
  return text, why
end

function proof.say(ix, words)
  local who = ix.ani
  if who then ix:play_announcement{text = "auto " .. who .. ": " .. words} end
end

function proof.targets(asks)
  local targets = {}
  for kind, name in asks:gmatch("([%a_]+):([^,]+)") do
    targets[#targets + 1] = target[kind](name)
  end
  return targets
end

function proof.route(ix, asks, request)
  local by = request.statistic or "StatTimeInReadyState"
  ix:attach{asks = asks, by = type(by) == "function" and "inline" or by}
  request.targets = proof.targets(asks)
  return ix:route(request)
end

-- A query or a web page, by chance; user data tells the answer, which holds the word.
function proof.ask(ix, word)
  word = word .. "-" .. ix.conn_id
  local wait = {timeout = math.random(1, 6)}
  local answer, why
  if math.random(2) == 1 then
    local rows
    rows, why = db.query("select word from script.words where word = $1", {word}, wait)
    answer = rows and rows[1].word
  else
    local page
    page, why = http.get("https://words.example.com/" .. word, wait)
    answer = page and page.body
  end
  ix.userdata.answered = answer or ("none of %s: %s"):format(word, why)
  return why
end

return proof
