// Keeps the arrows of DESIGN pointing down: reads every include line of the project and fails on one that
// points up, on a border library inside the engine, and on Lua outside the scripting room.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

/// A room may include those of a smaller floor and itself; rooms of one floor do not know each other, with
/// the exceptions below. `engine` is the door: engine.hpp and its source.
const std::map<std::string, int> floors{
    {"engine/base", 0},      {"engine/model", 1},        {"engine/records", 1},    {"engine/messages", 2},
    {"engine/agents", 3},    {"engine/interactions", 4}, {"engine/statistics", 4}, {"engine/routing", 5},
    {"engine/preview", 6},   {"engine/scripting", 7},    {"engine/flows", 8},      {"engine", 9},
    {"db/postgres", 10},     {"db/migrate", 11},         {"db/queries", 11},       {"db/config", 12},
    {"db/report", 12},       {"db/replay", 12},          {"db/scripts", 12},       {"adapters/tls", 10},
    {"adapters/mime", 10},   {"adapters/sip", 11},       {"adapters/tlib", 12},    {"adapters/http", 11},
    {"adapters/web", 11},    {"adapters/presence", 11},  {"apps/settings", 20},    {"apps/trunkctl", 21},
    {"apps/trunklined", 21},
};

struct Line {
    fs::path file;
    int number = 0;
    std::string header;
};

std::optional<std::string> room_of(const std::string& path) {
    auto folder = fs::path(path).parent_path().generic_string();
    while (!folder.empty()) {
        if (floors.contains(folder)) return folder;
        folder = fs::path(folder).parent_path().generic_string();
    }
    return std::nullopt;
}

std::vector<fs::path> sources_below(const fs::path& folder) {
    std::vector<fs::path> files;
    if (!fs::exists(folder)) return files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const auto extension = entry.path().extension();
        if (extension == ".hpp" || extension == ".cpp") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::vector<Line> include_lines(const fs::path& root) {
    static const std::regex form{R"re(^\s*#\s*include\s*[<"]([^>"]+)[>"])re"};
    std::vector<Line> lines;
    for (const auto* top : {"engine", "db", "adapters", "apps"}) {
        for (const auto& file : sources_below(root / top)) {
            std::ifstream in(file);
            std::string text;
            for (int number = 1; std::getline(in, text); ++number) {
                std::smatch match;
                if (std::regex_search(text, match, form))
                    lines.push_back({file.lexically_relative(root), number, match[1]});
            }
        }
    }
    return lines;
}

/// Why this include must not be; empty where it may.
std::string objection(const Line& line) {
    const auto from = room_of(line.file.generic_string());
    if (!from)
        return line.file.generic_string() +
               ": stands in no room that this test knows; add the room with its floor";
    const auto where = line.file.generic_string() + ":" + std::to_string(line.number) + ": ";
    if (const auto to = room_of(line.header); to && *to != *from && floors.at(*to) >= floors.at(*from))
        return where + *from + " must not know " + *to + " (" + line.header + "): arrows point down";
    const bool lua = line.header == "lua.h" || line.header == "lua.hpp" || line.header == "lauxlib.h" ||
                     line.header == "lualib.h";
    if (lua && *from != "engine/scripting") return where + "only engine/scripting includes Lua";
    if (from->starts_with("engine")) {
        static const std::vector<std::string> borders{
            "boost/asio", "boost/beast",  "sofia-sip/",  "soci/",     "libpq", "yaml-cpp/",
            "spdlog/",    "sys/socket.h", "sys/epoll.h", "pthread.h", "sqlite"};
        static const std::set<std::string> exact{"thread",       "mutex",  "future",  "condition_variable",
                                                 "shared_mutex", "random", "fstream", "filesystem",
                                                 "unistd.h"};
        for (const auto& border : borders)
            if (line.header.starts_with(border)) return where + "the engine knows no " + line.header;
        if (exact.contains(line.header)) return where + "the engine knows no <" + line.header + ">";
    }
    return {};
}

const fs::path root = TRUNKLINE_SOURCE_DIR;

TEST(Structure, NoIncludePointsUp) {
    const auto lines = include_lines(root);
    ASSERT_GT(lines.size(), 20U) << "the test reads no sources";
    for (const auto& line : lines) EXPECT_EQ(objection(line), "");
}

TEST(Structure, TheEngineReadsNoClockAndRollsNoDiceOfItsOwn) {
    static const std::regex forbidden{
        R"((system_clock|steady_clock|high_resolution_clock|file_clock)::now|\bstd::(rand|time|clock)\b|\btime\((nullptr|NULL|0)\)|\b(localtime|mktime)\b|random_device|\bgetenv\b|\bgettimeofday\b|\bclock_gettime\b)"};
    for (const auto& file : sources_below(root / "engine")) {
        std::ifstream in(file);
        std::string text;
        for (int number = 1; std::getline(in, text); ++number)
            EXPECT_FALSE(std::regex_search(text, forbidden))
                << file.lexically_relative(root) << ":" << number << ": " << text;
    }
}

TEST(Structure, SqlStandsOnlyInTheDatabaseRooms) {
    static const std::regex sql{R"re("\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM) .*(config|reporting)\.)re"};
    for (const auto* top : {"engine", "adapters"}) {
        for (const auto& file : sources_below(root / top)) {
            std::ifstream in(file);
            std::string text;
            for (int number = 1; std::getline(in, text); ++number)
                EXPECT_FALSE(std::regex_search(text, sql)) << file.lexically_relative(root) << ":" << number;
        }
    }
}

TEST(Structure, NoFileGrowsPastEightHundredLines) {
    for (const auto* top : {"engine", "db", "adapters", "apps"}) {
        for (const auto& file : sources_below(root / top)) {
            std::ifstream in(file);
            const auto lines = std::count(std::istreambuf_iterator<char>(in), {}, '\n');
            EXPECT_LE(lines, 800) << file.lexically_relative(root) << ": split it by verb or policy";
        }
    }
}

// The rules themselves: a test that cannot fail shows nothing.
TEST(Structure, TheRulesObjectToWhatTheyForbid) {
    EXPECT_NE(objection({"engine/agents/agents.cpp", 1, "engine/routing/matcher.hpp"}), "");
    EXPECT_NE(objection({"engine/engine.cpp", 1, "adapters/sip/sip_server.hpp"}), "");
    EXPECT_NE(objection({"engine/routing/a.cpp", 1, "lua.hpp"}), "");
    EXPECT_NE(objection({"engine/base/time.cpp", 1, "thread"}), "");
    EXPECT_NE(objection({"adapters/sip/a.cpp", 1, "db/config/config_store.hpp"}), "");
    EXPECT_NE(objection({"attic/a.cpp", 1, "vector"}), "");
    EXPECT_EQ(objection({"engine/scripting/host.cpp", 1, "lua.hpp"}), "");
    EXPECT_EQ(objection({"db/replay/reader.cpp", 1, "engine/engine.hpp"}), "");
}

}  // namespace
