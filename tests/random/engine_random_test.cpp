// The engine under random steps in virtual time: every promise holds after every command, and every row of
// the state tables that can be reached is. A failure leaves a replay file; TRUNKLINE_RANDOM_REPLAY=file runs
// it again. TRUNKLINE_RANDOM_SEED and TRUNKLINE_RANDOM_STEPS choose another run.
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/random/kit/hunt.hpp"

namespace trunkline::random_test {
namespace {

constexpr std::size_t default_steps = 15'000;
constexpr std::uint64_t default_seeds = 20;

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

TEST(RandomEngine, KeepsItsPromisesWhateverPeopleDo) {
    if (const std::string file = environment("TRUNKLINE_RANDOM_REPLAY"); !file.empty()) {
        const StepsFile given = read_steps(file);
        const Verdict verdict = random_test::replay(given.seed, given.steps);
        EXPECT_FALSE(verdict.failed()) << verdict.kind << ": " << verdict.detail;
        return;
    }
    Hunt wanted;
    const std::string seed = environment("TRUNKLINE_RANDOM_SEED");
    const std::string steps = environment("TRUNKLINE_RANDOM_STEPS");
    if (seed.empty())
        for (std::uint64_t i = 1; i <= default_seeds; ++i) wanted.seeds.push_back(i);
    else
        wanted.seeds = {std::stoull(seed)};
    wanted.steps = steps.empty() ? default_steps : std::stoull(steps);
    wanted.replay_file = std::string(TRUNKLINE_BINARY_DIR) + "/random/failure.jsonl";
    const Bag bag = hunt(wanted);
    std::fputs(bag.coverage.text().c_str(), stdout);
    ASSERT_FALSE(bag.failure.failed()) << bag.failure.kind << ": " << bag.failure.detail
                                       << "\nrun it again: TRUNKLINE_RANDOM_REPLAY=" << wanted.replay_file;
    EXPECT_GE(bag.legal_share(), 0.9);
    if (seed.empty() && steps.empty()) {
        std::string never;
        for (const std::string& row : bag.coverage.missing()) never += "\n  " + row;
        std::printf("%.1f %% of the states and events that can be reached were; never:%s\n",
                    100 * bag.coverage.share(), never.empty() ? " none" : never.c_str());
        EXPECT_GE(bag.coverage.share(), 0.95) << "never taken:" << never;
    }
}

}  // namespace
}  // namespace trunkline::random_test
