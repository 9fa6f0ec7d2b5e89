#include <algorithm>
#include <cctype>

#include "engine/scripting/binding.hpp"
#include "tools/lua_docs/pages.hpp"

namespace trunkline::lua_docs {
namespace {

using scripting::Binding;
using scripting::BindingGroup;
using scripting::Parameter;
using scripting::Takes;

constexpr const char* head = R"(---@meta
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

)";

bool optional(const Parameter& parameter) { return std::string_view(parameter.type).ends_with('?'); }

std::string type_of(const Parameter& parameter) {
    std::string type = parameter.type;
    if (optional(parameter)) type.pop_back();
    return type;
}

std::string class_of(const Binding& row) {
    std::string name = "trunkline.";
    bool upper = true;
    for (const char c : std::string_view(row.name)) {
        if (c != '_') name += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
        upper = c == '_';
    }
    return name + "Arguments";
}

// A table of named arguments is a class of its own.
std::string arguments_class(const Binding& row) {
    if (row.takes != Takes::by_name) return "";
    std::string text = "---@class " + class_of(row) + "\n";
    for (const Parameter& parameter : row.parameters)
        text += "---@field " + std::string(parameter.name) + (optional(parameter) ? "? " : " ") +
                type_of(parameter) + " " + parameter.meaning + "\n";
    return text + "\n";
}

std::string returns(std::string_view types) {
    std::string text;
    while (!types.empty()) {
        const std::size_t comma = types.find(", ");
        text += "---@return " + std::string(types.substr(0, comma)) + "\n";
        types.remove_prefix(comma == std::string_view::npos ? types.size() : comma + 2);
    }
    return text;
}

std::string stub_of(const BindingGroup& group, const Binding& row) {
    std::string text = arguments_class(row) + "---" + row.summary + (row.may_wait ? " (waits)" : "") + "\n";
    if (*row.errors != '\0') text += "---\n---Otherwise: " + std::string(row.errors) + "\n";
    std::string names;
    if (row.takes == Takes::by_name) {
        const bool needed = std::any_of(row.parameters.begin(), row.parameters.end(),
                                        [](const auto& p) { return !optional(p); });
        text += "---@param arguments" + std::string(needed ? " " : "? ") + class_of(row) + "\n";
        names = "arguments";
    } else {
        for (const Parameter& parameter : row.parameters) {
            text += "---@param " + std::string(parameter.name) + (optional(parameter) ? "? " : " ") +
                    type_of(parameter) + " " + parameter.meaning + "\n";
            names += (names.empty() ? "" : ", ") + std::string(parameter.name);
        }
    }
    const std::string owner = group.methods ? "Interaction:" : std::string(group.name) + ".";
    return text + returns(row.returns) + "function " + owner + row.name + "(" + names + ") end\n\n";
}

std::string group_head(const BindingGroup& group) {
    if (!group.methods)
        return "---" + std::string(group.summary) + "\n---@class trunkline." + group.name + "\n" +
               group.name + " = {}\n\n";
    std::string text = "---" + std::string(group.summary) + "\n---@class trunkline.Interaction\n";
    for (const auto& field : scripting::ix_fields())
        text += "---@field " + std::string(field.name) + " " + field.type + " " + field.meaning + "\n";
    return text + "local Interaction = {}\n\n";
}

}  // namespace

std::string stubs() {
    std::string text = head;
    for (const BindingGroup& group : scripting::binding_groups()) {
        text += group_head(group);
        for (const Binding& row : group.rows) text += stub_of(group, row);
    }
    return text;
}

}  // namespace trunkline::lua_docs
