// Writes docs/lua-api.md and docs/lua/trunkline.lua (stubs for lua-language-server) from the rows of the
// bindings, so that neither can say anything else than what the server has.
//
//   lua_docs FOLDER            writes both below FOLDER, the project's own folder
//   lua_docs FOLDER --check    writes nothing; fails where a file is not what would be written
#include <fstream>
#include <iostream>
#include <iterator>

#include "tools/lua_docs/pages.hpp"

namespace {

std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

int main(int count, char** words) {
    if (count < 2 || count > 3 || (count == 3 && std::string(words[2]) != "--check")) {
        std::cerr << "usage: lua_docs FOLDER [--check]\n";
        return 2;
    }
    const std::string folder = words[1];
    const bool only_check = count == 3;
    const std::string words_around = read(folder + "/tools/lua_docs/lua-api.md.in");
    if (words_around.empty()) {
        std::cerr << "lua_docs: " << folder
                  << "/tools/lua_docs/lua-api.md.in is not there; name the project's folder\n";
        return 1;
    }
    int status = 0;
    for (const auto& [path, text] : {std::pair<std::string, std::string>{
                                         "docs/lua-api.md", trunkline::lua_docs::reference(words_around)},
                                     {"docs/lua/trunkline.lua", trunkline::lua_docs::stubs()}}) {
        if (!only_check) {
            std::ofstream(folder + "/" + path, std::ios::binary) << text;
        } else if (read(folder + "/" + path) != text) {
            std::cerr << path << " is not what the bindings say: run build/bin/lua_docs .\n";
            status = 1;
        }
    }
    return status;
}
