// A Lua text as its words (the lexical conventions of the Lua 5.4 manual, 3.1), as far as names and constants
// need them. Never fails: what is no Lua gives words all the same. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trunkline::scripting {

struct LuaWord {
    enum class Kind { name, text, other };
    Kind kind = Kind::other;
    std::string is;  // a text without its quotes, simple escapes resolved
    int line = 1;
    bool plain = true;  // of a text: no escape that this reader leaves as it is
};

[[nodiscard]] std::vector<LuaWord> lua_words(std::string_view source);

}  // namespace trunkline::scripting
