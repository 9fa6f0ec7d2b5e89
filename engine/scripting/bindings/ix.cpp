// The methods of ix (contract: Interaction). Treatments are Lua files on send_text and receive_text;
// collect_digits and its two sisters only say which file.
#include <array>
#include <boost/json.hpp>

#include "engine/scripting/arguments.hpp"
#include "engine/scripting/binding.hpp"
#include "engine/scripting/bindings/ix_route.hpp"
#include "engine/scripting/trampoline.hpp"
#include "engine/scripting/values.hpp"

namespace trunkline::scripting {
namespace json = boost::json;
namespace {

// The longest text that a script may send; SIP peers take no more in a MESSAGE over TCP than this either.
constexpr std::size_t longest_text = 64UL * 1024;

int yes(lua_State* L) {
    lua_pushboolean(L, 1);
    return 1;
}

int send_text(Call& call) {
    const std::string text = text_argument(call, 2, "text");
    if (text.empty()) refuse(call, "text must not be empty");
    if (text.size() > longest_text) refuse(call, "text must not be longer than 65536 bytes");
    call.trace("");
    if (call.port().send_text(call.id(), text)) return yes(call.L);
    lua_pushnil(call.L);
    lua_pushliteral(call.L, "abandoned");
    return 2;
}

int receive_text(Call& call) {
    WaitForText wait;
    if (!lua_isnoneornil(call.L, 2)) {
        const NamedArguments given(call, 2, {"timeout", "first_too"});
        wait.timeout = given.seconds("timeout").value_or(Duration{});
        wait.first_too = given.boolean("first_too").value_or(true);
    }
    call.trace(json::serialize(json::object{{"timeout", to_seconds(wait.timeout)}}));
    return call.wait(wait, continuation<give_answer>);
}

int sleep(Call& call) {
    const Duration duration = seconds_argument(call, 2, "the duration");
    call.trace(json::serialize(json::object{{"seconds", to_seconds(duration)}}));
    return call.wait(WaitForTime{duration}, continuation<give_answer>);
}

int attach(Call& call) {
    if (!lua_istable(call.L, 2))
        refuse(call, std::string("a table of pairs is expected, as in {topic = \"billing\"}, got ") +
                         luaL_typename(call.L, 2));
    KvList pairs;
    try {
        pairs = kv_list(call.L, 2);
    } catch (const std::runtime_error& error) {
        refuse(call, error.what());
    }
    json::array keys;
    for (const auto& [key, value] : pairs) keys.emplace_back(key);
    call.trace(json::serialize(json::object{{"keys", keys}}));
    call.port().attach(call.id(), pairs);
    return yes(call.L);
}

int detach(Call& call) {
    const std::string key = text_argument(call, 2, "key");
    call.trace(json::serialize(json::object{{"key", key}}));
    call.port().detach(call.id(), key);
    return yes(call.L);
}

int disconnect(Call& call) {
    const std::string reason = lua_isnoneornil(call.L, 2) != 0 ? "" : text_argument(call, 2, "reason");
    call.trace(json::serialize(json::object{{"reason", reason}}));
    call.port().disconnect(call.id(), reason);
    return yes(call.L);
}

int set_priority(Call& call) {
    const std::int64_t priority = integer_argument(call, 2, "priority");
    if (priority < -1'000'000 || priority > 1'000'000)
        refuse(call, "priority must be from -1000000 to 1000000");
    call.trace(json::serialize(json::object{{"priority", priority}}));
    call.port().set_priority(call.id(), static_cast<int>(priority));
    return yes(call.L);
}

int log(Call& call) {
    const std::string level = text_argument(call, 2, "level");
    if (level != "debug" && level != "info" && level != "warn" && level != "error")
        refuse(call, "level must be \"debug\", \"info\", \"warn\" or \"error\"");
    const std::string text = texts_from(call.L, 3);
    call.port().log(call.id(), level, text);
    call.trace(json::serialize(json::object{{"level", level}, {"text", text}}), TraceLevel::log);
    return 0;
}

// A treatment's result for its row: "ok", or the reason that came behind nil.
std::string result_name(lua_State* L, int first) {
    if (lua_gettop(L) < first || lua_toboolean(L, first) != 0) return "ok";
    return lua_type(L, first + 1) == LUA_TSTRING ? lua_tostring(L, first + 1) : "none";
}

int treatment_ended(Call& call, int status) {
    RunState& run = call.run();
    const std::string name = run.open_treatments.back();
    run.open_treatments.pop_back();
    if (status != LUA_OK && status != LUA_YIELD) {
        call.port().treatment_ended(call.id(), "error", json::serialize(json::object{{"name", name}}));
        return lua_error(call.L);
    }
    call.port().treatment_ended(call.id(), result_name(call.L, 1),
                                json::serialize(json::object{{"name", name}}));
    return lua_gettop(call.L);
}

// Stack: ix, name, parameters.
int run_treatment(Call& call, const std::string& name) {
    const auto found = call.generation.treatments.find(name);
    if (found == call.generation.treatments.end())
        refuse(call, "there is no treatment '" + name + "' (expected at treatments/" + name +
                         ".lua in one of scripts.paths)");
    const auto place = place_of(call.L);
    call.port().trace(call.id(), TraceLevel::step, place.file, place.line, "treat",
                      json::serialize(json::object{{"name", name}}));
    call.port().treatment_started(call.id(), name);
    call.run().open_treatments.push_back(name);
    lua_settop(call.L, 3);
    lua_remove(call.L, 2);
    if (lua_isnil(call.L, 2)) {
        lua_newtable(call.L);
        lua_replace(call.L, 2);
    }
    lua_rawgeti(call.L, LUA_REGISTRYINDEX, found->second);
    lua_insert(call.L, 1);
    return treatment_ended(call, lua_pcallk(call.L, 2, LUA_MULTRET, 0, 0, continuation<treatment_ended>));
}

int treat(Call& call) { return run_treatment(call, text_argument(call, 2, "the name of the treatment")); }

int sugar(Call& call) {
    lua_settop(call.L, 2);
    lua_pushstring(call.L, call.row->name);
    lua_insert(call.L, 2);
    return run_treatment(call, call.row->name);
}

constexpr auto in_strategy = Context::strategy;
const std::array<Binding, 15> rows{{
    {"collect_digits", trampoline<sugar>, in_strategy, true,
     "ix:collect_digits{total_timeout=s, prompt=text?} -> text | nil, reason",
     "the whole text of the customer's next message; one that came before the first collect counts"},
    {"play_announcement", trampoline<sugar>, in_strategy, true, "ix:play_announcement{text=..} -> true",
     "an automated text to the customer"},
    {"play_announcement_and_collect_digits", trampoline<sugar>, in_strategy, true,
     "ix:play_announcement_and_collect_digits{text=.., total_timeout=s} -> text | nil, reason",
     "an announcement, then collect_digits"},
    {"treat", trampoline<treat>, in_strategy, true, "ix:treat(name, params) -> what the treatment returns",
     "runs treatments/<name>.lua; the three above are sugar for it"},
    {"send_text", trampoline<send_text>, in_strategy, false, "ix:send_text(text) -> true | nil, reason",
     "a text to the customer"},
    {"receive_text", trampoline<receive_text>, in_strategy, true,
     "ix:receive_text{timeout=s?, first_too=bool?} -> text | nil, reason",
     "the next text; without first_too=false, one that came before the first wait counts"},
    {"route", trampoline<route>, in_strategy, true,
     "ix:route{targets={..}, timeout=s?, statistic=name?, priority=n?, queue=vq?, explain=bool?} -> result | "
     "nil, reason",
     "to the best able agent among all targets; returns when he has answered"},
    {"route_to", trampoline<route_to>, in_strategy, true, "ix:route_to(dn) -> result | nil, reason",
     "to a DN, number or SIP URI, without selection"},
    {"default_route", trampoline<default_route>, in_strategy, true,
     "ix:default_route() -> result | nil, reason", "the routing point's default-dn"},
    {"attach", trampoline<attach>, in_strategy, false, "ix:attach{k=v, ..} -> true",
     "user data, many pairs at once"},
    {"detach", trampoline<detach>, in_strategy, false, "ix:detach(key) -> true",
     "removes a pair of user data"},
    {"disconnect", trampoline<disconnect>, in_strategy, false, "ix:disconnect(reason?) -> true",
     "ends the interaction"},
    {"set_priority", trampoline<set_priority>, in_strategy, false, "ix:set_priority(n) -> true",
     "its place among those who wait: the greater first"},
    {"sleep", trampoline<sleep>, in_strategy, true, "ix:sleep(s) -> true | nil, reason",
     "waits so many seconds"},
    {"log", trampoline<log>, in_strategy, false, "ix:log(level, ...)",
     "to the log and to the interaction's trace"},
}};

}  // namespace

int give_answer(Call& call, int) { return push_answer(call.L, call.run(), *call.run().answer); }

std::span<const Binding> ix_rows() { return rows; }

}  // namespace trunkline::scripting
