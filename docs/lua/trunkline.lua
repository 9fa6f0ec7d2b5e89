---@meta
-- What scripts of Trunkline may call, for lua-language-server: completion, types, help while writing. Written by
-- build/bin/lua_docs from the tables of the bindings; do not edit, and never load it.
-- In an editor: {"workspace.library": ["<path>/docs/lua"], "runtime.version": "Lua 5.4"} in .luarc.json.

---Made by target.*; nothing in it is to be read.
---@class trunkline.Target

---@class trunkline.RouteResult
---@field agent string? user_name of who answered; nil where a DN answered without an agent
---@field dn string
---@field place string?
---@field target string? of several targets, the one that won
---@field waited number seconds

---@class trunkline.HttpAnswer
---@field status integer
---@field headers table<string, string> names in small letters
---@field body string

---What a statistics function is asked about.
---@class trunkline.AgentView
---@field user_name string
---@field skills table<string, integer> name to level
---@field load trunkline.Load
---@field state string
---@field ready_since number seconds since 1970

---How much an agent has in hand; what a capacity rule is asked about.
---@class trunkline.Load
---@field chat integer
---@field voice integer
---@field email integer
---@field total integer

---The interaction that the strategy was started for.
---@class trunkline.Interaction
---@field id string the CallUUID
---@field conn_id string T-Library's ConnID
---@field media "chat"|"voice" what it is
---@field media_type 5|0 the same as T-Library has it
---@field ani string? the user part of the customer's address
---@field dnis string the number that was written to
---@field customer string the customer's address, a full URI
---@field routing_point string the routing point's number
---@field tenant string the tenant's name; every name in a script is one of this tenant
---@field call_type "inbound"|"internal" where it comes from
---@field created number seconds since 1970
---@field elapsed number seconds since then
---@field priority integer set by ix:set_priority
---@field position integer? 1 is next; nil while it waits for no agent
---@field expected_wait number? seconds it may still wait; nil while too little is known
---@field strategy string the name of this strategy
---@field agent string? the user_name of the agent, once one has answered
---@field state "treatment"|"waiting"|"ringing"|"established" where it stands
---@field userdata table the attached data: reads and writes through; assigning nil deletes the pair
local Interaction = {}

---@class trunkline.CollectDigitsArguments
---@field total_timeout? number seconds to wait; 60 where it is left out
---@field prompt? string sent to the customer first

---the whole text of the customer's next message; one that came before the first collect counts (waits)
---
---Otherwise: nil, "timeout" or "abandoned"
---@param arguments? trunkline.CollectDigitsArguments
---@return string?
---@return string?
function Interaction:collect_digits(arguments) end

---@class trunkline.PlayAnnouncementArguments
---@field text string what the customer reads
---@field file? string a recording, for calls; a chat reads the text beside it

---an automated text to the customer (waits)
---
---Otherwise: nil, "abandoned"
---@param arguments trunkline.PlayAnnouncementArguments
---@return true?
---@return string?
function Interaction:play_announcement(arguments) end

---@class trunkline.PlayAnnouncementAndCollectDigitsArguments
---@field text string the question
---@field total_timeout? number seconds to wait for the answer; 60 where it is left out

---an announcement, then collect_digits (waits)
---
---Otherwise: nil, "timeout" or "abandoned"
---@param arguments trunkline.PlayAnnouncementAndCollectDigitsArguments
---@return string?
---@return string?
function Interaction:play_announcement_and_collect_digits(arguments) end

---runs treatments/<name>.lua; the three above are sugar for it (waits)
---
---Otherwise: a name without a file is an error
---@param name string of the file scripts/treatments/<name>.lua
---@param params? table handed to the treatment as it is
---@return any
function Interaction:treat(name, params) end

---a text to the customer
---
---Otherwise: nil, "abandoned"
---@param text string at most 60000 bytes
---@return true?
---@return string?
function Interaction:send_text(text) end

---@class trunkline.ReceiveTextArguments
---@field timeout? number seconds; without it the wait has no end of its own
---@field first_too? boolean whether a text that came before the first wait counts; true

---the next text; without first_too=false, one that came before the first wait counts (waits)
---
---Otherwise: nil, "timeout" or "abandoned"
---@param arguments? trunkline.ReceiveTextArguments
---@return string?
---@return string?
function Interaction:receive_text(arguments) end

---@class trunkline.RouteArguments
---@field targets trunkline.Target[] 1 to 100 targets; the best able agent among all of them gets it
---@field timeout? number seconds; without it the wait has no end of its own
---@field statistic? (string|fun(agent: trunkline.AgentView): number) how the best is chosen; "StatTimeInReadyState" (longest idle first) where it is left out
---@field priority? integer the interaction's from now on, as ix:set_priority sets it; unchanged where left out
---@field queue? string a virtual queue that counts it while it waits
---@field on_wait? fun(ix: trunkline.Interaction) runs while it waits and is cut short when an agent is found
---@field explain? boolean the decision record names every agent and why not

---to the best able agent among all targets; returns when he has answered (waits)
---
---Otherwise: nil, "timeout", "abandoned", "no_target" or "rejected"
---@param arguments trunkline.RouteArguments
---@return trunkline.RouteResult?
---@return string?
function Interaction:route(arguments) end

---to a DN, number or SIP URI, without selection (waits)
---
---Otherwise: nil, "timeout", "abandoned", "no_target" or "rejected"
---@param dn string a DN, an external number or a SIP URI
---@return trunkline.RouteResult?
---@return string?
function Interaction:route_to(dn) end

---the routing point's default-dn (waits)
---
---Otherwise: nil, "timeout", "abandoned", "no_target" or "rejected"
---@return trunkline.RouteResult?
---@return string?
function Interaction:default_route() end

---@class trunkline.RouteByClientArguments
---@field timeout? number seconds; without it the wait has no end of its own

---hands the interaction to the T-Library clients that are registered on the routing point (waits)
---
---Otherwise: nil, "timeout", "abandoned", "no_target" or "rejected"
---@param arguments? trunkline.RouteByClientArguments
---@return trunkline.RouteResult?
---@return string?
function Interaction:route_by_client(arguments) end

---counts it in a virtual queue, for reports and the queue's events, until ix:dequeue or its end
---
---Otherwise: nil and a message where the tenant has no such virtual queue
---@param name string the number of a DN of type VirtualQueue
---@return true?
---@return string?
function Interaction:queue(name) end

---takes it out of a virtual queue
---
---Otherwise: nil and a message where it is not in that queue
---@param name string the number of a DN of type VirtualQueue
---@return true?
---@return string?
function Interaction:dequeue(name) end

---user data, many pairs at once and one event
---
---Otherwise: a function or a coroutine as a value is an error, and more than 64 KiB a value, 256 KiB or 1000 pairs an interaction
---@param pairs table<string, any> strings, numbers, booleans and tables of these
---@return true
function Interaction:attach(pairs) end

---removes a pair of user data
---@param key string of the pair
---@return true
function Interaction:detach(key) end

---ends the interaction; after it only ix:log may be called
---@param reason? string for the records
---@return true
function Interaction:disconnect(reason) end

---its place among those who wait: the greater first
---@param priority integer -1000000 to 1000000
---@return true
function Interaction:set_priority(priority) end

---@class trunkline.IncrementPriorityArguments
---@field by integer added each time, 1 to 1000000
---@field every number seconds between two times, at least 1
---@field limit integer where it stops

---a priority that rises while the interaction lives; a second call takes the place of the first
---@param arguments trunkline.IncrementPriorityArguments
---@return true
function Interaction:increment_priority(arguments) end

---@class trunkline.SuspendForEventArguments
---@field type string|integer "EventPrivateInfo" and 150 are the same
---@field timeout? number seconds; without it the wait has no end of its own

---waits for an event about the interaction, from now on; gives its attributes as a table (waits)
---
---Otherwise: nil, "timeout" or "abandoned"
---@param arguments trunkline.SuspendForEventArguments
---@return table?
---@return string?
function Interaction:suspend_for_event(arguments) end

---waits so many seconds (waits)
---
---Otherwise: nil, "abandoned"
---@param seconds number 0 to 2592000 (30 days)
---@return true?
---@return string?
function Interaction:sleep(seconds) end

---to the log and to the interaction's trace
---@param level "debug"|"info"|"warn"|"error" how much it matters
---@param ... any written with blanks between them
function Interaction:log(level, ...) end

---Whom an interaction may be routed to.
---@class trunkline.target
target = {}

---one person
---
---Otherwise: a name that no tenant has is an error where it is constant, else nil, "no_target" of ix:route
---@param user_name string or an agent login or employee id that one person alone has
---@param options? {weight: integer?, media: string?} its share for statistic "Percentage"; a target of another media than the interaction's is left out
---@return trunkline.Target
function target.agent(user_name, options) end

---an agent group
---
---Otherwise: a name that no tenant has is an error where it is constant, else nil, "no_target" of ix:route
---@param name string of the object
---@param options? {weight: integer?, media: string?} its share for statistic "Percentage"; a target of another media than the interaction's is left out
---@return trunkline.Target
function target.group(name, options) end

---whoever is logged in at a place
---
---Otherwise: a name that no tenant has is an error where it is constant, else nil, "no_target" of ix:route
---@param name string of the object
---@param options? {weight: integer?, media: string?} its share for statistic "Percentage"; a target of another media than the interaction's is left out
---@return trunkline.Target
function target.place(name, options) end

---a group of places
---
---Otherwise: a name that no tenant has is an error where it is constant, else nil, "no_target" of ix:route
---@param name string of the object
---@param options? {weight: integer?, media: string?} its share for statistic "Percentage"; a target of another media than the interaction's is left out
---@return trunkline.Target
function target.place_group(name, options) end

---all agents whose skills fit, as in "billing >= 5"
---
---Otherwise: an expression that cannot be read is an error
---@param expression string levels of skills, as in "billing >= 5 and english >= 1"
---@param options? {weight: integer?, media: string?} its share for statistic "Percentage"; a target of another media than the interaction's is left out
---@return trunkline.Target
function target.skill(expression, options) end

---the agents of a queue
---
---Otherwise: a name that no tenant has is an error where it is constant, else nil, "no_target" of ix:route
---@param name string of the object
---@param options? {weight: integer?, media: string?} its share for statistic "Percentage"; a target of another media than the interaction's is left out
---@return trunkline.Target
function target.queue(name, options) end

---a directory number
---
---Otherwise: a name that no tenant has is an error where it is constant, else nil, "no_target" of ix:route
---@param number string of the DN
---@param options? {weight: integer?, media: string?} its share for statistic "Percentage"; a target of another media than the interaction's is left out
---@return trunkline.Target
function target.dn(number, options) end

---Figures of the moment.
---@class trunkline.stat
stat = {}

---a live statistic by its Stat Server name; nil while too little is known
---
---Otherwise: nil and a message where there is no such object; an unknown statistic, or one of other objects, is an error
---@param object trunkline.Target|string a target, or a text: "type:name", or a name
---@param statistic string its name in Stat Server, as docs/statistics.md lists them
---@param options? {profile: string?} profile "Default": since midnight of the tenant's clocks
---@return number|string|nil
---@return string?
function stat.get(object, statistic, options) end

---how long somebody who comes now would wait for this target; nil while too little is known
---@param target trunkline.Target whom one would wait for
---@return number?
function stat.ewt(target) end

---Options and lists of the configuration, always those of the interaction's own tenant.
---@class trunkline.config
config = {}

---an annex option
---
---Otherwise: nil where it is not set; nil and a message where there is no such object
---@param object string a name, or "type:name" with the types dn, agent, group, place, switch, tenant
---@param section string of the object's annex
---@param key string in the section
---@return string?
---@return string?
function config.option(object, section, key) end

---an entry of a list object
---
---Otherwise: nil where the list has no such key; nil and a message where there is no such list
---@param name string of the list object
---@param key string of the entry
---@return string?
---@return string?
function config.list(name, key) end

---The engine's now, on the clocks of the tenant.
---@class trunkline.time
time = {}

---the engine's now, seconds since 1970 with a fraction
---@return number
function time.now() end

---whether the clocks of the tenant (or of the zone) show a time within the hours
---
---Otherwise: hours that cannot be read and a zone that does not exist are errors
---@param hours string|table<string, string|string[]> as in "Mon-Fri 09:00-17:30, Sat 10:00-14:00", or {["mon-fri"] = {"09:00-12:00", "13:00-17:00"}}
---@param when? number seconds since 1970; now where it is left out
---@param zone? string an IANA name; the tenant's where it is left out
---@return boolean
function time.in_hours(hours, when, zone) end

---JSON to Lua values and back.
---@class trunkline.json
json = {}

---tables with keys 1..n as arrays, others as objects, keys in the order of pairs
---
---Otherwise: functions, infinity, circles and tables that are list and object at once are errors
---@param value any at most 32 tables deep
---@return string
function json.encode(value) end

---null becomes nil
---
---Otherwise: nil and a message where the text is no JSON
---@param text string at most 262144 bytes
---@return any
---@return string?
function json.decode(text) end

---Reading from databases. A query waits like any waiting call and blocks nobody.
---@class trunkline.db
db = {}

---one SELECT with $1, $2 for the list params; a row is a table by column name, NULL is nil; 5 seconds where no timeout is given (waits)
---
---Otherwise: nil and a message where the database refuses, is busy or does not answer in time
---@param sql string one SELECT statement
---@param params? table a list for $1, $2 and so on: strings, numbers, booleans, nil
---@param options? {database: string?, timeout: number?} a database of scripts.databases; seconds
---@return table[]?
---@return string?
function db.query(sql, params, options) end

---Asking the web. Private addresses only where the setting scripts.http_allow lists them.
---@class trunkline.http
http = {}

---an answer of any status is an answer; names of headers in lower case; 5 seconds where no timeout is given (waits)
---
---Otherwise: nil and a message where no answer came; an address that is not allowed is one
---@param url string http:// or https://
---@param options? {headers: table<string, string>?, timeout: number?} headers of the request; seconds
---@return trunkline.HttpAnswer?
---@return string?
function http.get(url, options) end

---a body that is a table goes out as JSON; otherwise like http.get (waits)
---
---Otherwise: nil and a message where no answer came; an address that is not allowed is one
---@param url string http:// or https://
---@param body string|table a table goes out as JSON
---@param options? {headers: table<string, string>?, timeout: number?} headers of the request; seconds
---@return trunkline.HttpAnswer?
---@return string?
function http.post(url, body, options) end

---Lines in the server's log; ix:log writes them to the interaction's trace as well.
---@class trunkline.log
log = {}

---to the log, for developers
---@param ... any written with blanks between them
function log.debug(...) end

---to the log; print is the same
---@param ... any written with blanks between them
function log.info(...) end

---to the log: somebody should look at it
---@param ... any written with blanks between them
function log.warn(...) end

---to the log: something failed
---@param ... any written with blanks between them
function log.error(...) end

