#include <cctype>

#include "engine/scripting/binding.hpp"
#include "tools/lua_docs/pages.hpp"

namespace trunkline::lua_docs {
namespace {

using scripting::Binding;
using scripting::BindingGroup;
using scripting::Takes;

// A bar ends a cell of a Markdown table.
std::string cell(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '|') result += '\\';
        result += c;
    }
    return result;
}

std::string sentence(std::string text) {
    if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    return text + ".";
}

std::string where(const Binding& row) {
    if (row.may_wait) return "waits";
    return row.context == scripting::Context::anywhere ? "anywhere" : "";
}

std::string fields() {
    std::string text = "| field | type | meaning |\n| --- | --- | --- |\n";
    for (const auto& field : scripting::ix_fields())
        text +=
            "| `ix." + std::string(field.name) + "` | `" + cell(field.type) + "` | " + field.meaning + " |\n";
    return text;
}

std::string section_of(const BindingGroup& group, const Binding& row) {
    const std::string name = std::string(group.name) + (group.methods ? ":" : ".") + row.name;
    std::string text = "### " + name + "\n\n```\n" + row.signature + "\n```\n\n" + sentence(row.summary);
    const std::string place = where(row);
    if (place == "waits")
        text += " Waits: the strategy is suspended, nobody else is.";
    else if (place == "anywhere")
        text += " Works while a file loads, too.";
    text += "\n";
    if (!row.parameters.empty()) {
        text += row.takes == Takes::by_name ? "\n| key | type | meaning |\n| --- | --- | --- |\n"
                                            : "\n| argument | type | meaning |\n| --- | --- | --- |\n";
        for (const auto& parameter : row.parameters)
            text += "| `" + std::string(parameter.name) + "` | `" + cell(parameter.type) + "` | " +
                    cell(parameter.meaning) + " |\n";
    }
    if (*row.errors != '\0') text += "\nOtherwise: " + std::string(row.errors) + ".\n";
    return text + "\n";
}

std::string functions() {
    std::string text;
    for (const BindingGroup& group : scripting::binding_groups()) {
        text += "## " + std::string(group.name) + "\n\n" + group.summary + " (" + group.source +
                ")\n\n```lua\n" + group.example + "\n```\n\n";
        for (const Binding& row : group.rows) text += section_of(group, row);
    }
    return text;
}

void fill(std::string& text, const std::string& mark, const std::string& with) {
    const std::size_t at = text.find(mark);
    if (at != std::string::npos) text.replace(at, mark.size(), with);
}

}  // namespace

std::string reference(std::string words_around) {
    fill(words_around, "@fields@\n", fields());
    fill(words_around, "@functions@\n", functions());
    return words_around;
}

}  // namespace trunkline::lua_docs
