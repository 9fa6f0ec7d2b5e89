-- What strategies/im_by_topic.lua does; written like im_support_spec.lua.

local lists = {["topics/invoice"] = "billing", ["topics/delivery"] = "logistics"}
local question = "text Which is it about: billing or language?"

return {
  ["a word of the list says the topic"] = {
    lists = lists,
    "wait text 90 first", {text = "My INVOICE is wrong"},
    'attach {"request":"My INVOICE is wrong","topic":"billing","topic_word":"invoice"}',
    "wait route skill:billing >= 5 45", {routed = "ann"},
    "finished",
  },
  ["a topic without a desk is everybody's"] = {
    lists = lists,
    "wait text 90 first", {text = "where is my delivery?"},
    'attach {"request":"where is my delivery?","topic":"logistics","topic_word":"delivery"}',
    "wait route group:All_Agents 120", {routed = "bob"},
    "finished",
  },
  ["no word that is known: asked, and answered with a topic; nobody knows in time"] = {
    lists = lists,
    "wait text 90 first", {text = "hello"},
    question, "wait text 45 first", {text = "Language, please"},
    'attach {"request":"hello","topic":"language","topic_word":"language"}',
    "wait route skill:english >= 5 45", {not_routed = "timeout"},
    "wait route group:All_Agents 120", {not_routed = "timeout"},
    "wait to ", {routed = ""},
    "finished",
  },
  ["asked, and silent"] = {
    lists = lists,
    "wait text 90 first", {timeout = true},
    question, "wait text 45 first", {timeout = true},
    'attach {"request":"","topic":"other","topic_word":""}',
    "wait route group:All_Agents 120", {routed = "bob"},
    "finished",
  },
}
