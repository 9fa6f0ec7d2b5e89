-- What strategies/client_routed.lua does; written like im_support_spec.lua.

return {
  ["a client routes it"] = {
    "wait client 10", {routed = "ann"},
    "finished",
  },
  ["no client in time: the default"] = {
    "wait client 10", {timeout = true},
    "wait to ", {routed = ""},
    "finished",
  },
  ["the client's target cannot have it: the default"] = {
    "wait client 10", {not_routed = "timeout"},
    "wait to ", {routed = ""},
    "finished",
  },
  ["the customer leaves meanwhile"] = {
    "wait client 10", {abandoned = true},
    "finished",
  },
}
