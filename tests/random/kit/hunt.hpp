// Runs seed after seed until something is found; what is found is shrunk and written as a replay file. Prints
// what a person wants to know to stdout.
#pragma once

#include <string>
#include <vector>

#include "tests/random/kit/trial.hpp"

namespace trunkline::random_test {

struct Hunt {
    std::vector<std::uint64_t> seeds;
    std::size_t steps = 0;    // a seed
    std::string replay_file;  // written when something is found
    int shrink_attempts = 400;
};

struct Bag {
    Verdict failure;  // of the shrunk steps; its kind is empty where nothing was found
    Steps shrunk;
    Coverage coverage;
    std::int64_t steps = 0, illegal = 0, commands = 0;
    [[nodiscard]] double legal_share() const {
        return steps == 0 ? 0 : 1 - static_cast<double>(illegal) / static_cast<double>(steps);
    }
};

[[nodiscard]] Bag hunt(const Hunt&);

}  // namespace trunkline::random_test
