// Loading: every file compiled and run once in a state of its own, checked for what its folder asks for,
// before any interaction sees it. All errors of all files are told at once.
#include <array>
#include <functional>

#include "engine/scripting/functions.hpp"
#include "engine/scripting/generation.hpp"
#include "engine/scripting/host.hpp"
#include "engine/scripting/read_only.hpp"
#include "engine/scripting/require.hpp"
#include "engine/scripting/script_error.hpp"

namespace trunkline::scripting {
namespace {

// Libraries may hold tables of some size (holidays, area codes); an interaction may not.
constexpr std::int64_t most_bytes_a_file = 64LL * 1024 * 1024;
constexpr const char* shared = "what a file keeps is shared by all interactions and read-only";

[[noreturn]] void fail(const ScriptFile& file, lua_State* L, const std::string& expected, int got) {
    luaL_error(L, "%s: must return %s, but returned %s", file.shown_as.c_str(), expected.c_str(),
               luaL_typename(L, got));
    std::abort();  // luaL_error throws
}

class Builder {
  public:
    Builder(BuiltGeneration& generation, const ScriptSources& sources)
        : generation_(generation), loader_(generation, sources) {
        generation_.loader = &loader_;
    }
    ~Builder() { generation_.loader = nullptr; }
    Builder(const Builder&) = delete;
    Builder& operator=(const Builder&) = delete;

    /// The error of the file, or none.
    std::optional<ScriptError> load(const ScriptFile& file) {
        lua_State* L = generation_.state;
        const Account account = generation_.allocator.open(most_bytes_a_file);
        const Account former = generation_.allocator.charge_to(account);
        generation_.budget.start(L, generation_.budgets.load_instructions);
        const int status = protect(L, [&](lua_State* inner) { load_one(inner, file); });
        std::optional<ScriptError> error;
        if (status != LUA_OK)
            error = generation_.budget.over() ? budget_error(generation_, file.shown_as)
                                              : error_of(L, status, file.shown_as);
        lua_settop(L, 0);
        generation_.allocator.charge_to(former);
        generation_.allocator.share_strings(account);
        generation_.allocator.close(account);
        return error;
    }

  private:
    void load_one(lua_State* L, const ScriptFile& file) {
        const std::string folder = folder_of(file);
        if (folder == "lib") {
            loader_.load(L, name_of(file));
        } else if (folder == "strategies") {
            strategy(L, file);
        } else if (folder == "treatments") {
            function(L, file, generation_.treatments, "function(ix, params)");
        } else if (folder == "capacity") {
            function(L, file, generation_.capacity, "function(load, media)");
            try_capacity(L, file);
        } else if (folder == "presence") {
            function(L, file, generation_.presence, "function(presence, agent)");
        } else if (folder == "statistics") {
            function(L, file, generation_.statistics, "function(agent)");
            try_statistic(L, file);
        }
    }

    // The chunk is kept, not what it returns: it runs anew for each interaction.
    void strategy(lua_State* L, const ScriptFile& file) {
        compile(L, file);
        lua_pushvalue(L, -1);
        lua_call(L, 0, 1);
        if (lua_istable(L, -1)) {
            check_table(L, file);
        } else if (!lua_isfunction(L, -1)) {
            fail(file, L, "function(ix), or a table with run = function(ix)", -1);
        }
        lua_pop(L, 1);
        generation_.strategies.emplace(name_of(file), luaL_ref(L, LUA_REGISTRYINDEX));
        generation_.strategy_files.emplace(name_of(file), file.shown_as);
    }

    void check_table(lua_State* L, const ScriptFile& file) {
        for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
            const std::string key =
                lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : luaL_typename(L, -2);
            if (key != "run" && key != "default")
                luaL_error(L, "%s: unknown key '%s' in the table it returns; known are run, default",
                           file.shown_as.c_str(), key.c_str());
            if (!lua_isfunction(L, -1)) fail(file, L, "a function as '" + key + "'", -1);
        }
        if (lua_getfield(L, -1, "run") != LUA_TFUNCTION) fail(file, L, "a table with run = function(ix)", -1);
        lua_pop(L, 1);
    }

    void function(lua_State* L, const ScriptFile& file, BuiltGeneration::Names& names,
                  const char* signature) {
        compile(L, file);
        lua_call(L, 0, 1);
        if (!lua_isfunction(L, -1)) fail(file, L, signature, -1);
        make_read_only(L, -1, shared);
        names.emplace(name_of(file), luaL_ref(L, LUA_REGISTRYINDEX));
    }

    // A rule that fails for an agent without any work would keep everybody from working.
    void try_capacity(lua_State* L, const ScriptFile& file) {
        for (const char* media : {"chat", "voice"}) {
            begin_function(L);
            lua_rawgeti(L, LUA_REGISTRYINDEX, generation_.capacity.find(name_of(file))->second);
            push_load(L, Load{});
            lua_pushstring(L, media);
            lua_call(L, 2, 1);
            if (!lua_isboolean(L, -1)) fail(file, L, "a function that returns true or false", -1);
            lua_pop(L, 1);
        }
    }

    // No number rules an agent out, which is an answer; an error for everybody is a mistake.
    void try_statistic(lua_State* L, const ScriptFile& file) {
        agents::AgentView view;
        view.user_name = "somebody";
        view.state = "Ready";
        begin_function(L);
        lua_rawgeti(L, LUA_REGISTRYINDEX, generation_.statistics.find(name_of(file))->second);
        push_agent_view(L, view);
        lua_call(L, 1, 1);
        if (!lua_isnoneornil(L, -1) && lua_type(L, -1) != LUA_TNUMBER)
            fail(file, L, "a function that returns a number, or nil for an agent who is ruled out", -1);
        lua_pop(L, 1);
    }

    // The file has loaded; what it returned is tried with what it has when the engine asks it.
    void begin_function(lua_State* L) {
        generation_.budget.start(L, generation_.budgets.function_instructions);
    }

    BuiltGeneration& generation_;
    LibraryLoader loader_;
};

}  // namespace

BuildResult build(const ScriptSources& sources, const Budgets& budgets, const NamesOf& names) {
    BuildResult result;
    auto generation = std::make_shared<BuiltGeneration>(budgets);
    Builder builder(*generation, sources);
    for (const ScriptFile& file : sources.files) {
        if (std::optional<ScriptError> error = builder.load(file)) {
            result.errors.push_back(std::move(*error));
            continue;
        }
        for (ScriptError& error : check_names(file, sources, names))
            result.errors.push_back(std::move(error));
    }
    if (result.errors.empty()) result.generation = std::move(generation);
    return result;
}

}  // namespace trunkline::scripting
