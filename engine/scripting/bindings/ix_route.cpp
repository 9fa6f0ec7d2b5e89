#include "engine/scripting/bindings/ix_route.hpp"

#include <array>
#include <boost/json.hpp>
#include <utility>

#include "engine/scripting/arguments.hpp"
#include "engine/scripting/trampoline.hpp"

namespace trunkline::scripting {
namespace json = boost::json;
namespace {

constexpr std::array<std::string_view, 1> known_statistics{"StatTimeInReadyState"};
constexpr lua_Integer most_targets = 100;

std::vector<routing::Target> targets_of(const Call& call, const NamedArguments& given) {
    lua_State* L = call.L;
    const int kind = lua_getfield(L, given.index(), "targets");
    if (kind != LUA_TTABLE)
        refuse(call, std::string("targets must be a list of target.* values, got ") + luaL_typename(L, -1));
    const lua_Integer size = luaL_len(L, -1);
    if (size == 0)
        refuse(call, "targets must name at least one target, as in targets = {target.group \"All_Agents\"}");
    if (size > most_targets) refuse(call, "targets must name at most 100 targets");
    std::vector<routing::Target> targets;
    for (lua_Integer n = 1; n <= size; ++n) {
        lua_geti(L, -1, n);
        std::optional<routing::Target> target = target_at(L, -1);
        if (!target)
            refuse(call, "targets must be a list of target.* values, got " +
                             std::string(luaL_typename(L, -1)) + " as number " + std::to_string(n));
        targets.push_back(std::move(*target));
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return targets;
}

std::string statistic_of(const Call& call, const NamedArguments& given) {
    const std::optional<std::string> statistic = given.text("statistic");
    if (!statistic) return std::string(known_statistics.front());
    for (const std::string_view known : known_statistics)
        if (*statistic == known) return *statistic;
    std::string names;
    for (const std::string_view known : known_statistics)
        names += (names.empty() ? "" : ", ") + std::string(known);
    refuse(call, "statistic '" + *statistic + "' is not known; known are " + names);
}

// Names that the tenant does not have are told and left out.
void drop_absent(const Call& call, std::vector<routing::Target>& targets) {
    std::erase_if(targets, [&](const routing::Target& target) {
        if (call.port().target_exists(call.id(), target)) return false;
        call.port().log(
            call.id(), "error",
            call.name() + ": there is no " + routing::to_text(target) + " in this tenant; check the name");
        return true;
    });
}

// The function at `key` of the arguments stays reachable while the call waits; LUA_NOREF where there is none.
int keep_function(const Call& call, const NamedArguments& given, const char* key) {
    lua_State* L = call.L;
    if (lua_getfield(L, given.index(), key) != LUA_TFUNCTION) {
        lua_pop(L, 1);
        return LUA_NOREF;
    }
    return luaL_ref(L, LUA_REGISTRYINDEX);
}

void check_function(const Call& call, const NamedArguments& given, const char* key, const char* signature) {
    const int kind = lua_getfield(call.L, given.index(), key);
    lua_pop(call.L, 1);
    if (kind != LUA_TNIL && kind != LUA_TFUNCTION)
        refuse(call, std::string(key) + " must be " + signature + ", got " + lua_typename(call.L, kind));
}

// What the waiting call kept is let go before its script goes on.
int route_answered(Call& call, int status) {
    RunState& run = call.run();
    luaL_unref(call.L, LUA_REGISTRYINDEX, std::exchange(run.on_wait_function, LUA_NOREF));
    return give_answer(call, status);
}

}  // namespace

void refuse_in_on_wait(const Call& call) {
    if (call.run().strand == Strand::on_wait)
        refuse(call,
               "an on_wait function runs while ix:route looks for an agent and cannot route itself; return "
               "from it, or give ix:route a timeout and route again after that");
}

int route(Call& call) {
    const NamedArguments given(
        call, 2, {"targets", "timeout", "statistic", "priority", "queue", "on_wait", "explain"});
    refuse_in_on_wait(call);
    check_function(call, given, "on_wait", "a function(ix)");
    WaitForRoute wait;
    routing::RouteRequest& request = wait.request;
    request.targets = targets_of(call, given);
    request.timeout = given.seconds("timeout").value_or(Duration{});
    request.statistic = statistic_of(call, given);
    if (const auto priority = given.integer("priority")) request.priority = static_cast<int>(*priority);
    request.virtual_queue = given.text("queue").value_or("");
    request.explain = given.boolean("explain").value_or(false);
    const Place place = place_of(call.L);
    request.file = place.file;
    request.line = place.line;
    json::array names;
    for (const routing::Target& target : request.targets) names.emplace_back(routing::to_text(target));
    call.trace(json::serialize(json::object{{"targets", names}, {"timeout", to_seconds(request.timeout)}}));
    if (call.run().abandoned) return call.wait(std::move(wait), continuation<give_answer>);
    drop_absent(call, request.targets);
    if (request.targets.empty()) {
        lua_pushnil(call.L);
        lua_pushliteral(call.L, "no_target");
        return 2;
    }
    RunState& run = call.run();
    run.on_wait_function = keep_function(call, given, "on_wait");
    request.on_wait = run.on_wait_function != LUA_NOREF;
    return call.wait(std::move(wait), continuation<route_answered>);
}

int route_to(Call& call) {
    refuse_in_on_wait(call);
    WaitForRouteTo wait{text_argument(call, 2, "the DN")};
    if (wait.destination.empty())
        refuse(call, "the DN must not be empty; ix:default_route() goes to the routing point's default-dn");
    call.trace(json::serialize(json::object{{"dn", wait.destination}}));
    return call.wait(std::move(wait), continuation<give_answer>);
}

int default_route(Call& call) {
    refuse_in_on_wait(call);
    call.trace("");
    return call.wait(WaitForRouteTo{}, continuation<give_answer>);
}

}  // namespace trunkline::scripting
