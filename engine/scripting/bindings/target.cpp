// target.*: whom an interaction may be routed to. A target is a value of its own, so that ix:route can tell
// it from a table that was written by hand.
#include <array>

#include "engine/model/skill_expression.hpp"
#include "engine/scripting/arguments.hpp"
#include "engine/scripting/binding.hpp"
#include "engine/scripting/bindings/ix_route.hpp"
#include "engine/scripting/library.hpp"
#include "engine/scripting/trampoline.hpp"
#include "engine/scripting/values.hpp"

namespace trunkline::scripting {
namespace {

using routing::Target;
using routing::TargetKind;
constexpr const char* type_name = "target";

struct TargetValue : ValueHead {
    TargetKind kind;
    TargetOptions options;
};

// The optional last table.
TargetOptions options_at(const Call& call, int index) {
    TargetOptions options;
    if (lua_isnoneornil(call.L, index)) return options;
    const NamedArguments given(call, index, {"weight", "media"});
    if (const auto weight = given.integer("weight")) {
        if (*weight < 1 || *weight > 1'000'000) refuse(call, "weight must be from 1 to 1000000");
        options.weight = static_cast<int>(*weight);
    }
    if (const auto media = given.text("media")) {
        if (*media != "chat" && *media != "voice") refuse(call, "media must be \"chat\" or \"voice\"");
        options.media = *media == "chat" ? agents::Media::chat : agents::Media::voice;
    }
    return options;
}

int push_target(const Call& call, TargetKind kind, const std::string& name) {
    const TargetOptions options = options_at(call, 2);
    auto* value = static_cast<TargetValue*>(lua_newuserdatauv(call.L, sizeof(TargetValue), 1));
    value->serial = call.generation.allocator.next_serial();
    value->kind = kind;
    value->options = options;
    luaL_setmetatable(call.L, type_name);
    lua_pushlstring(call.L, name.data(), name.size());
    lua_setiuservalue(call.L, -2, 1);
    return 1;
}

template <TargetKind Kind>
int make(Call& call) {
    const std::string name = text_argument(call, 1, "the name");
    if (name.empty()) refuse(call, "the name must not be empty");
    return push_target(call, Kind, name);
}

int make_skill(Call& call) {
    const std::string text = text_argument(call, 1, "the expression");
    const auto parsed = model::SkillExpression::parse(text);
    if (!parsed) refuse(call, parsed.error().message);
    return push_target(call, TargetKind::skill, parsed->canonical());
}

int target_text(Call& call) {
    const std::optional<Target> target = target_at(call.L, 1);
    const std::string text = target ? routing::to_text(*target) : type_name;
    lua_pushlstring(call.L, text.data(), text.size());
    return 1;
}

int target_equals(Call& call) {
    lua_pushboolean(call.L, target_at(call.L, 1) == target_at(call.L, 2) ? 1 : 0);
    return 1;
}

constexpr const char* gives = "trunkline.Target";
constexpr const char* absent =
    "a name that no tenant has is an error where it is constant, else nil, \"no_target\" of ix:route";
constexpr Parameter last{
    "options", "{weight: integer?, media: string?}?",
    "its share for statistic \"Percentage\"; a target of another media than the interaction's is left out"};
using Two = std::array<Parameter, 2>;
constexpr Two for_agent{
    {{"user_name", "string", "or an agent login or employee id that one person alone has"}, last}};
constexpr Two for_name{{{"name", "string", "of the object"}, last}};
constexpr Two for_skill{
    {{"expression", "string", "levels of skills, as in \"billing >= 5 and english >= 1\""}, last}};
constexpr Two for_dn{{{"number", "string", "of the DN"}, last}};
const std::array<Binding, 7> target_table{{
    {"agent", trampoline<make<TargetKind::agent>>, anywhere, false,
     "target.agent(user_name, {weight=n?, media=text?}?)", "one person", for_agent, Takes::in_order, gives,
     absent},
    {"group", trampoline<make<TargetKind::group>>, anywhere, false,
     "target.group(name, {weight=n?, media=text?}?)", "an agent group", for_name, Takes::in_order, gives,
     absent},
    {"place", trampoline<make<TargetKind::place>>, anywhere, false,
     "target.place(name, {weight=n?, media=text?}?)", "whoever is logged in at a place", for_name,
     Takes::in_order, gives, absent},
    {"place_group", trampoline<make<TargetKind::place_group>>, anywhere, false,
     "target.place_group(name, {weight=n?, media=text?}?)", "a group of places", for_name, Takes::in_order,
     gives, absent},
    {"skill", trampoline<make_skill>, anywhere, false, "target.skill(expression, {weight=n?, media=text?}?)",
     "all agents whose skills fit, as in \"billing >= 5\"", for_skill, Takes::in_order, gives,
     "an expression that cannot be read is an error"},
    {"queue", trampoline<make<TargetKind::queue>>, anywhere, false,
     "target.queue(name, {weight=n?, media=text?}?)", "the agents of a queue", for_name, Takes::in_order,
     gives, absent},
    {"dn", trampoline<make<TargetKind::dn>>, anywhere, false, "target.dn(number, {weight=n?, media=text?}?)",
     "a directory number", for_dn, Takes::in_order, gives, absent},
}};

}  // namespace

std::optional<Target> target_at(lua_State* L, int index) {
    const auto* value = static_cast<const TargetValue*>(luaL_testudata(L, index, type_name));
    if (value == nullptr) return std::nullopt;
    lua_getiuservalue(L, index, 1);
    Target target{value->kind, lua_tostring(L, -1)};
    lua_pop(L, 1);
    return target;
}

TargetOptions target_options(lua_State* L, int index) {
    return static_cast<const TargetValue*>(luaL_checkudata(L, index, type_name))->options;
}

void make_target_metatable(lua_State* L) {
    luaL_newmetatable(L, type_name);
    set_function(L, -1, "__tostring", trampoline<target_text>);
    set_function(L, -1, "__eq", trampoline<target_equals>);
    lua_pushliteral(L, "read-only");
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 1);
}

std::span<const Binding> target_rows() { return target_table; }

}  // namespace trunkline::scripting
