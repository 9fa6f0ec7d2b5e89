#include "engine/scripting/require.hpp"

#include <algorithm>

#include "engine/scripting/read_only.hpp"

namespace trunkline::scripting {
namespace {

constexpr std::string_view ending = ".lua";

}  // namespace

std::string folder_of(const ScriptFile& file) { return file.path.substr(0, file.path.find('/')); }

std::string name_of(const ScriptFile& file) {
    std::string name = file.path.substr(std::min(file.path.size(), file.path.find('/') + 1));
    if (name.ends_with(ending)) name.resize(name.size() - ending.size());
    return name;
}

void compile(lua_State* L, const ScriptFile& file) {
    const std::string chunk = "@" + file.shown_as;
    if (luaL_loadbufferx(L, file.text.data(), file.text.size(), chunk.c_str(), "t") != LUA_OK) lua_error(L);
}

LibraryLoader::LibraryLoader(BuiltGeneration& generation, const ScriptSources& sources)
    : generation_(generation) {
    for (const ScriptFile& file : sources.files)
        if (folder_of(file) == "lib") files_.emplace(name_of(file), &file);
}

bool LibraryLoader::load(lua_State* L, const std::string& name) {
    const auto found = files_.find(name);
    if (found == files_.end()) return false;
    if (generation_.libraries.contains(name)) return true;
    if (std::find(loading_.begin(), loading_.end(), name) != loading_.end())
        luaL_error(L, "library '%s' requires itself, by way of others", name.c_str());
    struct Entered {
        std::vector<std::string>& names;
        ~Entered() { names.pop_back(); }
    };
    loading_.push_back(name);
    const Entered entered{loading_};
    compile(L, *found->second);
    lua_call(L, 0, 1);
    if (lua_isnil(L, -1))
        luaL_error(L, "%s: a library returns a value, most often a table, but this one returned nothing",
                   found->second->shown_as.c_str());
    make_read_only(L, -1, "a library's tables are shared by all interactions and read-only");
    generation_.libraries.emplace(name, luaL_ref(L, LUA_REGISTRYINDEX));
    return true;
}

int require_library(lua_State* L) {
    std::string name = luaL_checkstring(L, 1);
    if (name.starts_with("lib.")) name.erase(0, 4);
    std::replace(name.begin(), name.end(), '.', '/');
    BuiltGeneration& generation = generation_of(L);
    if (generation.loader != nullptr) generation.loader->load(L, name);
    const auto found = generation.libraries.find(name);
    if (found == generation.libraries.end())
        return luaL_error(
            L, "require: there is no library '%s' (expected at lib/%s.lua in one of scripts.paths)",
            name.c_str(), name.c_str());
    lua_rawgeti(L, LUA_REGISTRYINDEX, found->second);
    return 1;
}

}  // namespace trunkline::scripting
