// One run in a process of its own: an engine that crashes or hangs ends the child, and the parent still knows
// the steps. And making the steps that fail few.
#pragma once

#include <cstdint>
#include <string>

#include "tests/random/kit/coverage.hpp"
#include "tests/random/kit/step.hpp"

namespace trunkline::random_test {

struct Verdict {
    std::string kind, detail;  // empty: nothing was found
    std::int64_t steps = 0, illegal = 0, commands = 0;
    Coverage coverage;
    [[nodiscard]] bool failed() const { return !kind.empty(); }
};

struct Trial {
    Verdict verdict;
    Steps steps;  // up to the one that failed
};

/// Generates up to `count` steps from the seed.
[[nodiscard]] Trial generate(std::uint64_t seed, std::size_t count);
/// Runs these steps.
[[nodiscard]] Verdict replay(std::uint64_t seed, const Steps&);
/// Takes steps out as long as the same kind of failure stays, with at most `attempts` runs.
[[nodiscard]] Steps shrink(std::uint64_t seed, Steps, const std::string& kind, int attempts);

/// Steps that reach every strategy of ours and of the project, without checks; for the test of determinism.
[[nodiscard]] Steps steps_through_all_strategies(std::uint64_t seed, std::size_t count);
/// Every effect of these steps, one a line in canonical form, and their hash in the last line.
[[nodiscard]] std::string effects_of(std::uint64_t seed, const Steps&);

}  // namespace trunkline::random_test
