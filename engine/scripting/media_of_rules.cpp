#include "engine/scripting/media_of_rules.hpp"

#include <algorithm>

#include "engine/scripting/functions.hpp"
#include "engine/scripting/generation.hpp"

namespace trunkline::scripting {
namespace {

// An agent in no work and in a little of each: what a rule allows at all it allows somewhere here.
constexpr int most_chats = 3, most_calls = 1, most_emails = 1;

bool allows(BuiltGeneration& generation, int rule, const Load& load, std::string_view media) {
    lua_State* L = generation.state;
    generation.budget.start(L, generation.budgets.function_instructions);
    bool allowed = false;
    const int status = protect(L, [&](lua_State* inner) {
        lua_rawgeti(inner, LUA_REGISTRYINDEX, rule);
        push_load(inner, load);
        lua_pushlstring(inner, media.data(), media.size());
        lua_call(inner, 2, 1);
        allowed = lua_toboolean(inner, -1) != 0;
    });
    lua_settop(L, 0);
    return status == LUA_OK && allowed;
}

bool ever_allows(BuiltGeneration& generation, int rule, std::string_view media) {
    for (int chats = 0; chats <= most_chats; ++chats)
        for (int calls = 0; calls <= most_calls; ++calls)
            for (int emails = 0; emails <= most_emails; ++emails)
                if (allows(generation, rule, Load{.chat = chats, .voice = calls, .email = emails}, media))
                    return true;
    return false;
}

bool is_needed(const ScriptFile& file) {
    return file.path.starts_with("capacity/") || file.path.starts_with("lib/");
}

// Without the files that do not load: their errors are told by `check` and by a reload.
std::shared_ptr<BuiltGeneration> build_rules(ScriptSources sources, const Budgets& budgets) {
    std::erase_if(sources.files, [](const ScriptFile& file) { return !is_needed(file); });
    while (!sources.files.empty()) {
        BuildResult built = build(sources, budgets);
        if (built.generation) return std::move(built.generation);
        const std::size_t before = sources.files.size();
        std::erase_if(sources.files, [&](const ScriptFile& file) {
            return std::any_of(built.errors.begin(), built.errors.end(),
                               [&](const ScriptError& error) { return error.file == file.shown_as; });
        });
        if (sources.files.size() == before) return nullptr;
    }
    return nullptr;
}

}  // namespace

std::set<std::string> rules_that_allow(std::string_view media, const ScriptSources& sources,
                                       const Budgets& budgets) {
    std::set<std::string> rules;
    const auto generation = build_rules(sources, budgets);
    if (!generation) return rules;
    for (const auto& [name, reference] : generation->capacity)
        if (ever_allows(*generation, reference, media)) rules.insert(name);
    return rules;
}

}  // namespace trunkline::scripting
