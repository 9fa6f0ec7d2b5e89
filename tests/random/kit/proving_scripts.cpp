// The texts that a run's generations are made of: the stock scripts, the project's strategies, and those of
// tests/random/scripts/.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include "tests/random/kit/proving_site.hpp"
#include "tests/support/world.hpp"

namespace trunkline::random_test {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& file) {
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

using Texts = std::map<std::string, std::string>;  // path of a generation -> text

// Read once: a run makes hundreds of generations.
const Texts& own_texts() {
    static const Texts texts = [] {
        Texts found;
        const fs::path root = fs::path(TRUNKLINE_SOURCE_DIR) / "tests/random/scripts";
        for (const auto& entry : fs::recursive_directory_iterator(root))
            if (entry.path().extension() == ".lua")
                found[fs::relative(entry.path(), root).string()] = read(entry.path());
        for (const auto& [number, name] : stock_routing_points())
            found["strategies/" + name + ".lua"] =
                read(fs::path(TRUNKLINE_SOURCE_DIR) / "strategies" / (name + ".lua"));
        return found;
    }();
    return texts;
}

}  // namespace

std::shared_ptr<const scripting::ScriptSources> proving_scripts(std::int64_t version) {
    static const std::shared_ptr<const scripting::ScriptSources> stock = testing::scripts_with({});
    auto sources = std::make_shared<scripting::ScriptSources>(*stock);
    for (const auto& [path, text] : own_texts()) {
        std::string whole = text + "-- version " + std::to_string(version) + "\n";
        if (version < 0 && path == "strategies/greets.lua") whole += "end end\n";
        const std::string hash = std::to_string(std::hash<std::string>{}(whole));
        sources->files.push_back({path, path, std::move(whole), hash});
    }
    std::sort(sources->files.begin(), sources->files.end(),
              [](const auto& a, const auto& b) { return a.path < b.path; });
    sources->hash.clear();
    for (const auto& file : sources->files) sources->hash += file.hash;
    sources->hash = std::to_string(std::hash<std::string>{}(sources->hash));
    return sources;
}

}  // namespace trunkline::random_test
