-- What strategies/im_support.lua does, conversation by conversation. A string is what the strategy does next, a table what
-- it is answered. The tests take every line out of the strategy in turn and expect that one of these then fails.

local greeting = "text Welcome to support. Is it about billing, or something else?"
local looking = "text Thank you. We are looking for somebody who can help."
local busy = "text Everybody is busy at the moment. Your message will be looked at."

return {
  ["a bill goes to those who know about bills"] = {
    "wait text 90 first", {text = "my bill is wrong"},
    'attach {"request":"my bill is wrong"}',
    greeting, "wait text 90 first", {text = " Billing, please"},
    'attach {"topic":"billing"}', looking,
    "wait route skill:billing >= 5 30", {routed = "ann"},
    "finished",
  },
  ["nobody knows in time: everybody is asked"] = {
    "wait text 90 first", {text = "hello"},
    'attach {"request":"hello"}',
    greeting, "wait text 90 first", {text = "english"},
    'attach {"topic":"english"}', looking,
    "wait route skill:english >= 1 30", {not_routed = "timeout"},
    "wait route group:All_Agents 120", {routed = "bob"},
    "finished",
  },
  ["another topic: everybody is asked; nobody at all: the default"] = {
    "wait text 90 first", {text = "hello"},
    'attach {"request":"hello"}',
    greeting, "wait text 90 first", {text = "my cat"},
    'attach {"topic":"my"}', looking,
    "wait route group:All_Agents 120", {not_routed = "timeout"},
    busy, "wait to ", {routed = ""},
    "finished",
  },
  ["no answer, or one without a word: no topic"] = {
    "wait text 90 first", {timeout = true},
    "detach request",
    greeting, "wait text 90 first", {timeout = true},
    'attach {"topic":"none"}', looking,
    "wait route group:All_Agents 120", {routed = "bob"},
    "finished",
  },
  ["the customer leaves while he waits"] = {
    "wait text 90 first", {text = "hello"},
    'attach {"request":"hello"}',
    greeting, "wait text 90 first", {text = "42"},
    'attach {"topic":"none"}', looking,
    "wait route group:All_Agents 120", {abandoned = true},
    busy, "finished",
  },
}
