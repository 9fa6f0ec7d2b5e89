-- What strategies/im_business_hours.lua does; written like im_support_spec.lua. `now` is in UTC, the desk stands in Berlin.

local welcome = "text Welcome. Somebody will be with you shortly."
local here = " We are here Monday to Friday from 8 to 18 and on Saturday from 9 to 13."
local holidays = {["holidays/2026-12-25"] = "Christmas Day"}

return {
  ["a Tuesday morning, a minute after eight in Berlin"] = {
    now = "2026-11-17 07:01", zone = "Europe/Berlin", lists = holidays,
    "wait text 90 first", {text = "hello"},
    'attach {"request":"hello"}',
    welcome, "wait route group:All_Agents 120", {routed = "bob"},
    "finished",
  },
  ["nobody in time: the default"] = {
    now = "2026-11-21 08:30", zone = "Europe/Berlin", lists = holidays,
    "wait text 90 first", {text = "hello"},
    'attach {"request":"hello"}',
    welcome, "wait route group:All_Agents 120", {not_routed = "timeout"},
    "wait to ", {routed = ""},
    "finished",
  },
  ["a minute before eight"] = {
    now = "2026-11-17 06:59", zone = "Europe/Berlin", lists = holidays,
    "wait text 90 first", {text = "hello"},
    'attach {"request":"hello"}',
    "text Nobody is here at the moment." .. here, "disconnect closed",
    "finished",
  },
  ["a holiday, which begins at midnight in Berlin"] = {
    now = "2026-12-24 23:30", zone = "Europe/Berlin", lists = holidays,
    "wait text 90 first", {timeout = true},
    "detach request",
    "text Today is Christmas Day, and nobody is here." .. here, "disconnect closed",
    "finished",
  },
}
