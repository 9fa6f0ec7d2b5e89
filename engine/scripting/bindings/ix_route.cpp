#include "engine/scripting/bindings/ix_route.hpp"

#include <array>
#include <boost/json.hpp>

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

}  // namespace

int route(Call& call) {
    const NamedArguments given(call, 2, {"targets", "timeout", "statistic", "priority", "queue", "explain"});
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
    return call.wait(std::move(wait), continuation<give_answer>);
}

int route_to(Call& call) {
    WaitForRouteTo wait{text_argument(call, 2, "the DN")};
    if (wait.destination.empty())
        refuse(call, "the DN must not be empty; ix:default_route() goes to the routing point's default-dn");
    call.trace(json::serialize(json::object{{"dn", wait.destination}}));
    return call.wait(std::move(wait), continuation<give_answer>);
}

int default_route(Call& call) {
    call.trace("");
    return call.wait(WaitForRouteTo{}, continuation<give_answer>);
}

}  // namespace trunkline::scripting
