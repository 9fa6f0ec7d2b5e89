// The random run as a program: long hunts, replay of a file, the effects of a file for the test of
// determinism, and the proof that a seeded fault is caught. Exit: 0 fine, 1 something was found (or a fault
// was not), 2 wrong use.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>

#include "tests/random/faults/seeded_fault.hpp"
#include "tests/random/kit/hunt.hpp"

namespace {

using namespace trunkline::random_test;

constexpr const char* use =
    "random_engine hunt FIRST_SEED SEEDS STEPS REPLAY_FILE   look for failures\n"
    "faulty_engine caught FAULT SEEDS STEPS REPLAY_FILE      the same with a fault; fine when something is "
    "found\n"
    "random_engine replay FILE                               run a replay file\n"
    "random_engine effects FILE                              print the effects of its steps and their hash\n";

Hunt hunt_of(std::uint64_t first, std::uint64_t count, std::size_t steps, const std::string& file) {
    Hunt hunt;
    for (std::uint64_t i = 0; i < count; ++i) hunt.seeds.push_back(first + i);
    hunt.steps = steps;
    hunt.replay_file = file;
    return hunt;
}

int run_hunt(char** arguments) {
    const Bag bag = hunt(hunt_of(std::stoull(arguments[0]), std::stoull(arguments[1]),
                                 std::stoull(arguments[2]), arguments[3]));
    std::fputs(bag.coverage.text().c_str(), stdout);
    std::printf("coverage %.1f %%\n", 100 * bag.coverage.share());
    for (const std::string& row : bag.coverage.missing()) std::printf("never taken: %s\n", row.c_str());
    return bag.failure.failed() ? 1 : 0;
}

int run_caught(char** arguments) {
    trunkline::wake_fault(arguments[0]);
    Hunt wanted = hunt_of(1, std::stoull(arguments[1]), std::stoull(arguments[2]), arguments[3]);
    wanted.shrink_attempts = 0;
    const Bag bag = hunt(wanted);
    if (bag.failure.failed()) return 0;
    std::fprintf(stderr, "the seeded fault was not caught\n");
    return 1;
}

int run_replay(char** arguments) {
    const StepsFile file = read_steps(arguments[0]);
    const Verdict verdict = trunkline::random_test::replay(file.seed, file.steps);
    std::printf("%s\n%s\n", verdict.failed() ? verdict.kind.c_str() : "nothing was found",
                verdict.detail.c_str());
    return verdict.failed() ? 1 : 0;
}

int run_effects(char** arguments) {
    const StepsFile file = read_steps(arguments[0]);
    const std::string effects = effects_of(file.seed, file.steps);
    return std::fwrite(effects.data(), 1, effects.size(), stdout) == effects.size() ? 0 : 1;
}

struct Mode {
    const char* name;
    int arguments;
    int (*run)(char**);
};
constexpr Mode modes[] = {
    {"hunt", 4, run_hunt}, {"caught", 4, run_caught}, {"replay", 1, run_replay}, {"effects", 1, run_effects}};

}  // namespace

int main(int count, char** arguments) {
    try {
        for (const Mode& mode : modes)
            if (count == mode.arguments + 2 && std::strcmp(arguments[1], mode.name) == 0)
                return mode.run(arguments + 2);
        std::fputs(use, stderr);
        return 2;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "random_engine: %s\n", error.what());
        return 2;
    }
}
