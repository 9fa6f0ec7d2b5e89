#include "engine/scripting/bindings/ix_route.hpp"

#include <boost/json.hpp>
#include <utility>

#include "engine/routing/statistic.hpp"
#include "engine/scripting/arguments.hpp"
#include "engine/scripting/bindings/ix_methods.hpp"
#include "engine/scripting/trampoline.hpp"

namespace trunkline::scripting {
namespace json = boost::json;
namespace {

constexpr lua_Integer most_targets = 100;
constexpr std::string_view of_scripts = "lua:";

struct Wanted {
    routing::Target target;
    TargetOptions options;
};

std::vector<Wanted> targets_of(const Call& call, const NamedArguments& given) {
    lua_State* L = call.L;
    const int kind = lua_getfield(L, given.index(), "targets");
    if (kind != LUA_TTABLE)
        refuse(call, std::string("targets must be a list of target.* values, got ") + luaL_typename(L, -1));
    const lua_Integer size = luaL_len(L, -1);
    if (size == 0)
        refuse(call, "targets must name at least one target, as in targets = {target.group \"All_Agents\"}");
    if (size > most_targets) refuse(call, "targets must name at most 100 targets");
    std::vector<Wanted> targets;
    for (lua_Integer n = 1; n <= size; ++n) {
        lua_geti(L, -1, n);
        std::optional<routing::Target> target = target_at(L, -1);
        if (!target)
            refuse(call, "targets must be a list of target.* values, got " +
                             std::string(luaL_typename(L, -1)) + " as number " + std::to_string(n));
        targets.push_back({std::move(*target), target_options(L, -1)});
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return targets;
}

// Where one target has a share, the others need theirs: there is no share that could be meant by silence.
void check_weights(const Call& call, const std::vector<Wanted>& targets) {
    std::size_t weighted = 0;
    for (const Wanted& wanted : targets) weighted += wanted.options.weight ? 1 : 0;
    if (weighted != 0 && weighted != targets.size())
        refuse(call, "give every target a weight or none, as in target.group(\"Billing\", {weight = 70})");
}

// Names that the tenant does not have are told and left out; so is, without a word, what is meant for another
// media.
void take_targets(const Call& call, const std::vector<Wanted>& targets, routing::RouteRequest& request) {
    const auto view = call.port().view(call.id());
    for (const Wanted& wanted : targets) {
        if (wanted.options.media && view && view->media != agents::to_text(*wanted.options.media)) continue;
        if (!call.port().target_exists(call.id(), wanted.target)) {
            call.port().log(call.id(), "error",
                            call.name() + ": there is no " + routing::to_text(wanted.target) +
                                " in this tenant; check the name");
            continue;
        }
        request.targets.push_back(wanted.target);
        if (wanted.options.weight) request.weights.push_back(*wanted.options.weight);
    }
}

void take_statistic(const Call& call, const NamedArguments& given, routing::RouteRequest& request) {
    const int kind = lua_getfield(call.L, given.index(), "statistic");
    lua_pop(call.L, 1);
    if (kind == LUA_TNIL) return;
    if (kind == LUA_TFUNCTION) {
        request.inline_statistic = true;
        return;
    }
    if (kind != LUA_TSTRING)
        refuse(call,
               std::string("statistic must be a name or a function(agent) that returns a number, got ") +
                   lua_typename(call.L, kind));
    const std::string name = *given.text("statistic");
    if (!routing::known_statistic(name))
        refuse(call, "statistic '" + name + "' is not known; known are " +
                         std::string(routing::known_statistics()));
    const std::string script = name.starts_with(of_scripts) ? name.substr(of_scripts.size()) : "";
    if (!script.empty() && !call.generation.statistics.contains(script))
        refuse(call, "there is no statistic '" + script + "' (expected at statistics/" + script +
                         ".lua in one of scripts.paths)");
    request.statistic = name;
}

void refuse_preview(const Call& call, const NamedArguments& given) {
    lua_getfield(call.L, given.index(), "preview");
    const bool asked = lua_toboolean(call.L, -1) != 0;
    lua_pop(call.L, 1);
    if (asked)
        refuse(call,
               "preview is not available yet, it comes with a later version; without it the agent is rung "
               "directly");
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
    luaL_unref(call.L, LUA_REGISTRYINDEX, std::exchange(run.inline_statistic, LUA_NOREF));
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
        call, 2, {"targets", "timeout", "statistic", "priority", "queue", "on_wait", "preview", "explain"});
    refuse_in_on_wait(call);
    refuse_preview(call, given);
    check_function(call, given, "on_wait", "a function(ix)");
    WaitForRoute wait;
    routing::RouteRequest& request = wait.request;
    const std::vector<Wanted> targets = targets_of(call, given);
    check_weights(call, targets);
    request.timeout = given.seconds("timeout").value_or(Duration{});
    take_statistic(call, given, request);
    if (const auto priority = given.integer("priority")) {
        if (*priority < -most_priority || *priority > most_priority)
            refuse(call, "priority must be from -1000000 to 1000000");
        request.priority = static_cast<int>(*priority);
    }
    request.virtual_queue = given.text("queue").value_or("");
    request.explain = given.boolean("explain").value_or(false);
    const Place place = place_of(call.L);
    request.file = place.file;
    request.line = place.line;
    json::array names;
    for (const Wanted& wanted : targets) names.emplace_back(routing::to_text(wanted.target));
    call.trace(json::serialize(json::object{{"targets", names}, {"timeout", to_seconds(request.timeout)}}),
               TraceLevel::decision);
    if (call.run().abandoned) return call.wait(std::move(wait), continuation<give_answer>);
    take_targets(call, targets, request);
    if (request.targets.empty()) {
        lua_pushnil(call.L);
        lua_pushliteral(call.L, "no_target");
        return 2;
    }
    RunState& run = call.run();
    run.on_wait_function = keep_function(call, given, "on_wait");
    request.on_wait = run.on_wait_function != LUA_NOREF;
    if (request.inline_statistic) run.inline_statistic = keep_function(call, given, "statistic");
    return call.wait(std::move(wait), continuation<route_answered>);
}

int route_to(Call& call) {
    refuse_in_on_wait(call);
    WaitForRouteTo wait{text_argument(call, 2, "the DN")};
    if (wait.destination.empty())
        refuse(call, "the DN must not be empty; ix:default_route() goes to the routing point's default-dn");
    call.trace(json::serialize(json::object{{"dn", wait.destination}}), TraceLevel::decision);
    return call.wait(std::move(wait), continuation<give_answer>);
}

int default_route(Call& call) {
    refuse_in_on_wait(call);
    call.trace("", TraceLevel::decision);
    return call.wait(WaitForRouteTo{}, continuation<give_answer>);
}

}  // namespace trunkline::scripting
