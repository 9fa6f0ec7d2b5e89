-- What strategies/im_external_lookup.lua does; written like im_support_spec.lua. A query is answered with rows or
-- query_failed, a web request with response or http_failed.

local looking = "text Thank you. We are looking for somebody who can help."
local busy = "text Everybody is busy at the moment. Your message will be looked at."
local asks_crm = "http get https://crm.example.com/customers?address=sip%3Asue%40example.com 2"
local asks_table = "query SELECT tier FROM script.customer WHERE address = $1 ['sip:sue@example.com'] 2"
local silent = "warn: the CRM does not answer: timeout"

return {
  ["the CRM knows a gold customer: an expert first"] = {
    "wait text 90 first", {text = "hello"},
    'attach {"request":"hello"}', looking,
    "wait " .. asks_crm, {response = {status = 200, body = '{"tier":"gold"}'}},
    'attach {"tier":"gold"}',
    "wait route skill:billing >= 5 20", {routed = "ann"},
    "finished",
  },
  ["no expert in time: anybody; nobody: the default"] = {
    "wait text 90 first", {text = "hello"},
    'attach {"request":"hello"}', looking,
    "wait " .. asks_crm, {response = {status = 200, body = '{"tier":"gold"}'}},
    'attach {"tier":"gold"}',
    "wait route skill:billing >= 5 20", {not_routed = "timeout"},
    "wait route group:All_Agents 120", {not_routed = "timeout"},
    busy, "wait to ", {routed = ""},
    "finished",
  },
  ["the CRM does not answer: the table does"] = {
    "wait text 90 first", {text = "hello"},
    'attach {"request":"hello"}', looking,
    "wait " .. asks_crm, {timeout = true}, silent,
    "wait " .. asks_table, {rows = {{tier = "gold"}}},
    'attach {"tier":"gold"}',
    "wait route skill:billing >= 5 20", {routed = "ann"},
    "finished",
  },
  ["neither knows him: like everybody"] = {
    "wait text 90 first", {text = "hello"},
    'attach {"request":"hello"}', looking,
    "wait " .. asks_crm, {response = {status = 404, body = '{"tier":"gold"}'}},
    "wait " .. asks_table, {rows = {}},
    'attach {"tier":"standard"}',
    "wait route group:All_Agents 120", {routed = "bob"},
    "finished",
  },
  ["the CRM says what is no customer, the table fails: like everybody"] = {
    "wait text 90 first", {text = "hello"},
    'attach {"request":"hello"}', looking,
    "wait " .. asks_crm, {response = {status = 200, body = "5"}},
    "wait " .. asks_table, {query_failed = "busy"},
    'attach {"tier":"standard"}',
    "wait route group:All_Agents 120", {routed = "bob"},
    "finished",
  },
}
