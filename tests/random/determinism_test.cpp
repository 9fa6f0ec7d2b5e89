// The same steps in two processes give the same effects, byte for byte: every strategy of the random test and
// every one of the project's own. The processes are started anew, so that addresses and Lua's hash seeds
// differ.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <set>

#include "tests/random/kit/proving_site.hpp"
#include "tests/random/kit/trial.hpp"

namespace trunkline::random_test {
namespace {

constexpr std::uint64_t seed = 42;
constexpr std::size_t steps_run = 4'000;

std::string output_of(const std::string& command) {
    FILE* pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) return {};
    std::string text;
    std::array<char, 65536> part{};
    while (const std::size_t got = std::fread(part.data(), 1, part.size(), pipe))
        text.append(part.data(), got);
    return ::pclose(pipe) == 0 ? text : std::string{};
}

TEST(Determinism, EveryStrategyGivesTheSameEffectsInTwoProcessesByteForByte) {
    const Steps steps = steps_through_all_strategies(seed, steps_run);
    const std::string file = std::string(TRUNKLINE_BINARY_DIR) + "/random/determinism.jsonl";
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    write_steps(file, seed, steps);
    const std::string command = "'" RANDOM_ENGINE "' effects '" + file + "'";
    const std::string first = output_of(command), second = output_of(command);
    ASSERT_FALSE(first.empty());
    EXPECT_EQ(first.substr(first.rfind("hash ")), second.substr(second.rfind("hash ")));
    EXPECT_TRUE(first == second)
        << "effects differ from byte "
        << std::mismatch(first.begin(), first.end(), second.begin(), second.end()).first - first.begin();
    for (const auto& points : {routing_points(), stock_routing_points()})
        for (const auto& [number, strategy] : points)
            EXPECT_NE(first.find("\"strategy\":\"" + strategy + "\""), std::string::npos)
                << "strategy '" << strategy << "' was never started";
    std::printf("%zu steps, %zu bytes of effects, %s", steps.size(), first.size(),
                first.substr(first.rfind("hash ")).c_str());
}

}  // namespace
}  // namespace trunkline::random_test
