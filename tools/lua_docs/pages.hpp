// The two pages about the Lua API, as texts. Pure functions of the tables of the bindings.
#pragma once

#include <string>

namespace trunkline::lua_docs {

/// docs/lua-api.md: `words_around` with @fields@ and @functions@ filled in.
[[nodiscard]] std::string reference(std::string words_around);
/// docs/lua/trunkline.lua: annotations that lua-language-server reads; never loaded by the server.
[[nodiscard]] std::string stubs();

}  // namespace trunkline::lua_docs
