-- What a script of Trunkline may use (docs: the Lua API); everything else is a global by accident.
std = "lua54"
max_line_length = 130
read_globals = {"target", "stat", "config", "db", "http", "json", "time", "log", "preview"}
files["tests/bench/relay/route.lua"] = {globals = {"KSR", "ksr_request_route"}}  -- Kamailio's
files["strategies/spec/*.lua"] = {globals = {"spec", "describe", "it", "expect"}}
-- Annotations for editors, written by build/bin/lua_docs; never run.
exclude_files = {"docs/lua/*.lua"}
