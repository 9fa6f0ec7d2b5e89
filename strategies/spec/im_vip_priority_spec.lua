-- What strategies/im_vip_priority.lua does; written like im_support_spec.lua.

local welcome = "text Welcome to support. Somebody will be with you shortly."
local welcome_back = "text Welcome back. One of our experts will be with you in a moment."
local busy = "text Everybody is busy at the moment. Your message will be looked at."

return {
  ["a customer of the list comes first and gets an expert"] = {
    lists = {["vip/sip:sue@example.com"] = "gold"},
    "wait text 90 first", {text = "hello"},
    'attach {"request":"hello"}',
    "priority 100", 'attach {"segment":"vip"}', welcome_back,
    "wait route skill:billing >= 5 20", {routed = "ann"},
    "finished",
  },
  ["user data says it too; no expert in time: anybody; nobody: the default"] = {
    userdata = {segment = "vip"},
    "wait text 90 first", {text = "hello"},
    'attach {"request":"hello"}',
    "priority 100", 'attach {"segment":"vip"}', welcome_back,
    "wait route skill:billing >= 5 20", {not_routed = "timeout"},
    "wait route skill:billing >= 5 group:All_Agents 300", {not_routed = "timeout"},
    busy, "wait to ", {routed = ""},
    "finished",
  },
  ["anybody may take a VIP in the end"] = {
    userdata = {segment = "vip"},
    "wait text 90 first", {text = "hello"},
    'attach {"request":"hello"}',
    "priority 100", 'attach {"segment":"vip"}', welcome_back,
    "wait route skill:billing >= 5 20", {not_routed = "timeout"},
    "wait route skill:billing >= 5 group:All_Agents 300", {routed = "bob"},
    "finished",
  },
  ["another customer waits his turn"] = {
    userdata = {segment = "gold"},
    lists = {["vip/sip:someone.else@example.com"] = "gold"},
    "wait text 90 first", {text = "hello"},
    'attach {"request":"hello"}',
    welcome, "wait route group:All_Agents 120", {routed = "bob"},
    "finished",
  },
  ["nobody for another customer: the default"] = {
    "wait text 90 first", {text = "hello"},
    'attach {"request":"hello"}',
    welcome, "wait route group:All_Agents 120", {not_routed = "timeout"},
    busy, "wait to ", {routed = ""},
    "finished",
  },
}
