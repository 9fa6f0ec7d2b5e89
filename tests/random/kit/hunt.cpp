#include "tests/random/kit/hunt.hpp"

#include <cstdio>
#include <filesystem>

#include "tests/random/kit/proving_site.hpp"

namespace trunkline::random_test {
namespace {

constexpr std::size_t steps_shown = 20;

void show(const Hunt& hunt, std::uint64_t seed, std::size_t before, const Bag& bag) {
    std::printf("seed %llu: %s\n  %s\n  %zu steps, shrunk to %zu; replay file: %s\n  the last of them:\n",
                static_cast<unsigned long long>(seed), bag.failure.kind.c_str(), bag.failure.detail.c_str(),
                before, bag.shrunk.size(), hunt.replay_file.c_str());
    const std::size_t from = bag.shrunk.size() > steps_shown ? bag.shrunk.size() - steps_shown : 0;
    for (std::size_t i = from; i < bag.shrunk.size(); ++i)
        std::printf("    %s\n", to_line(bag.shrunk[i]).c_str());
}

}  // namespace

Bag hunt(const Hunt& hunt) {
    Bag bag;
    (void)proving_scripts(0);  // read once, here: the trials are children and have the texts from us
    for (const std::uint64_t seed : hunt.seeds) {
        Trial trial = generate(seed, hunt.steps);
        bag.coverage.add(trial.verdict.coverage);
        bag.steps += trial.verdict.steps;
        bag.illegal += trial.verdict.illegal;
        bag.commands += trial.verdict.commands;
        if (!trial.verdict.failed()) continue;
        const std::size_t before = trial.steps.size();
        bag.shrunk = shrink(seed, std::move(trial.steps), trial.verdict.kind, hunt.shrink_attempts);
        bag.failure = random_test::replay(seed, bag.shrunk);
        if (!bag.failure.failed()) bag.failure = trial.verdict;
        std::filesystem::create_directories(std::filesystem::path(hunt.replay_file).parent_path());
        write_steps(hunt.replay_file, seed, bag.shrunk);
        show(hunt, seed, before, bag);
        break;
    }
    std::printf("%lld steps, %.1f %% of them legal, %lld commands\n", static_cast<long long>(bag.steps),
                100 * bag.legal_share(), static_cast<long long>(bag.commands));
    return bag;
}

}  // namespace trunkline::random_test
