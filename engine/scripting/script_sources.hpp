// The texts of one set of scripts, read from disk by the host: what a generation is built from and what a
// command log keeps. `path` is relative and says what the file is: strategies/<name>.lua,
// treatments/<name>.lua, capacity/<name>.lua, presence/<name>.lua, statistics/<name>.lua, lib/<name>.lua.
#pragma once

#include <string>
#include <vector>

namespace trunkline::scripting {

struct ScriptFile {
    std::string path;
    std::string shown_as;  // the path that error messages name, e.g. strategies/im_support.lua
    std::string text;
    std::string hash;  // of text, hexadecimal
};

struct ScriptSources {
    std::vector<ScriptFile> files;  // ordered by path; the first of two folders that have a path wins
    std::string hash;               // of all of them
};

}  // namespace trunkline::scripting
