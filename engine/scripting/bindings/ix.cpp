// The methods of ix (contract: Interaction). Treatments are Lua files on send_text and receive_text;
// collect_digits and its two sisters only say which file.
#include <boost/json.hpp>

#include "engine/base/near_names.hpp"
#include "engine/messages/effects.hpp"
#include "engine/scripting/arguments.hpp"
#include "engine/scripting/binding.hpp"
#include "engine/scripting/bindings/ix_methods.hpp"
#include "engine/scripting/bindings/ix_route.hpp"
#include "engine/scripting/trampoline.hpp"
#include "engine/scripting/values.hpp"

namespace trunkline::scripting {
namespace json = boost::json;

int yes(lua_State* L) {
    lua_pushboolean(L, 1);
    return 1;
}

int send_text(Call& call) {
    const std::string text = text_argument(call, 2, "text");
    if (text.empty()) refuse(call, "text must not be empty");
    if (text.size() > messages::longest_text)
        refuse(call, "text must not be longer than " + std::to_string(messages::longest_text) + " bytes");
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
    if (const Result<void> attached = call.port().attach(call.id(), pairs); !attached)
        refuse(call, attached.error().message);
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
    call.trace(json::serialize(json::object{{"reason", reason}}), TraceLevel::decision);
    call.port().disconnect(call.id(), reason);
    if (call.run().disconnected_at.empty()) {
        const Place place = place_of(call.L);
        call.run().disconnected_at = place.file + ":" + std::to_string(place.line);
    }
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

namespace {

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

std::string near_treatments(const Call& call, const std::string& name) {
    std::vector<std::string_view> known;
    for (const auto& [treatment, reference] : call.generation.treatments) known.push_back(treatment);
    return did_you_mean(name, known);
}

// Stack: ix, name, parameters.
int run_treatment(Call& call, const std::string& name) {
    const auto found = call.generation.treatments.find(name);
    if (found == call.generation.treatments.end())
        refuse(call, "there is no treatment '" + name + "' (expected at treatments/" + name +
                         ".lua in one of scripts.paths)" + near_treatments(call, name));
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

}  // namespace

int treat(Call& call) { return run_treatment(call, text_argument(call, 2, "the name of the treatment")); }

int treat_by_own_name(Call& call) {
    lua_settop(call.L, 2);
    lua_pushstring(call.L, call.row->name);
    lua_insert(call.L, 2);
    return run_treatment(call, call.row->name);
}

int give_answer(Call& call, int) { return push_answer(call.L, call.run(), *call.run().answer); }

}  // namespace trunkline::scripting
