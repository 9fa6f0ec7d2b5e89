// require "lib.name": libraries are loaded once a generation, while it is built; a library may require
// another one.
#pragma once

#include <lua.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/scripting/generation.hpp"
#include "engine/scripting/script_sources.hpp"

namespace trunkline::scripting {

/// The global function `require`.
int require_library(lua_State* L);

/// The libraries that are still to be loaded, while a generation is built.
class LibraryLoader {
  public:
    LibraryLoader(BuiltGeneration& generation, const ScriptSources& sources);
    /// Loads the library if it is not yet there; raises a Lua error. False where there is no such library.
    bool load(lua_State* L, const std::string& name);

  private:
    BuiltGeneration& generation_;
    std::map<std::string, const ScriptFile*, std::less<>> files_;
    std::vector<std::string> loading_;
};

/// "im_support" of "strategies/im_support.lua".
[[nodiscard]] std::string name_of(const ScriptFile& file);
/// "strategies" of "strategies/im_support.lua".
[[nodiscard]] std::string folder_of(const ScriptFile& file);
/// Pushes the compiled chunk; raises the compiler's message.
void compile(lua_State* L, const ScriptFile& file);

}  // namespace trunkline::scripting
