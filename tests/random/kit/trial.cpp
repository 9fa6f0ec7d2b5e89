#include "tests/random/kit/trial.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/json.hpp>
#include <cstring>
#include <functional>
#include <stdexcept>

#include "db/replay/effects_hash.hpp"
#include "tests/random/kit/generator.hpp"
#include "tests/random/kit/stage.hpp"

namespace trunkline::random_test {
namespace json = boost::json;
namespace {

constexpr unsigned hang_seconds = 300;  // a child that does not come back is ended by its alarm

using Write = std::function<void(char tag, const std::string& line)>;

std::string to_line(const Verdict& verdict) {
    return json::serialize(json::object{{"kind", verdict.kind},
                                        {"detail", verdict.detail},
                                        {"steps", verdict.steps},
                                        {"illegal", verdict.illegal},
                                        {"commands", verdict.commands},
                                        {"coverage", json::value_from(verdict.coverage.tables)}});
}

Verdict verdict_from(const std::string& line) {
    const json::value in = json::parse(line);
    Verdict verdict;
    verdict.kind = json::value_to<std::string>(in.at("kind"));
    verdict.detail = json::value_to<std::string>(in.at("detail"));
    verdict.steps = in.at("steps").to_number<std::int64_t>();
    verdict.illegal = in.at("illegal").to_number<std::int64_t>();
    verdict.commands = in.at("commands").to_number<std::int64_t>();
    verdict.coverage.tables = json::value_to<decltype(verdict.coverage.tables)>(in.at("coverage"));
    return verdict;
}

/// Runs `body` in a child; its lines come back, and how it ended where it wrote no verdict.
Trial in_a_child(const std::function<void(const Write&)>& body) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe for a trial");
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error("no process for a trial");
    if (child == 0) {
        ::close(ends[0]);
        ::alarm(hang_seconds);
        body([&](char tag, const std::string& line) {
            const std::string whole = tag + line + "\n";
            for (std::size_t at = 0; at < whole.size();) {
                const ssize_t wrote = ::write(ends[1], whole.data() + at, whole.size() - at);
                if (wrote <= 0) ::_exit(3);
                at += static_cast<std::size_t>(wrote);
            }
        });
        ::_exit(0);
    }
    ::close(ends[1]);
    Trial trial;
    bool judged = false;
    std::string pending;
    std::array<char, 65536> part{};
    for (ssize_t got; (got = ::read(ends[0], part.data(), part.size())) > 0;) {
        pending.append(part.data(), static_cast<std::size_t>(got));
        std::size_t from = 0;
        for (std::size_t end; (end = pending.find('\n', from)) != std::string::npos; from = end + 1) {
            const std::string line = pending.substr(from + 1, end - from - 1);
            if (pending[from] == 'S') trial.steps.push_back(step_from_line(line));
            if (pending[from] == 'V') {
                trial.verdict = verdict_from(line);
                judged = true;
            }
        }
        pending.erase(0, from);
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (!judged) {
        trial.verdict.kind = WIFSIGNALED(status)
                                 ? std::string("the engine died: ") + ::strsignal(WTERMSIG(status))
                                 : "the engine ended its process";
        trial.verdict.steps = static_cast<std::int64_t>(trial.steps.size());
    }
    return trial;
}

/// Carries out what `next` gives until something is found or it gives no more.
Verdict run(std::uint64_t seed, const std::function<bool(Stage&, Step&)>& next) {
    Verdict verdict;
    std::unique_ptr<Stage> stage;
    const auto judge = [&] {
        if (stage->findings.empty()) return false;
        verdict.kind = stage->findings.front().kind;
        verdict.detail = stage->findings.front().detail;
        return true;
    };
    try {
        stage = std::make_unique<Stage>(seed, true);
        Step step;
        while (!judge() && next(*stage, step)) {
            ++verdict.steps;
            if (!stage->carry_out(step)) ++verdict.illegal;
        }
        if (!verdict.failed()) {
            stage->farewell();
            (void)judge();
        }
    } catch (const std::exception& error) {
        verdict.kind = "an exception left the engine";
        verdict.detail = error.what();
    }
    if (stage) {
        verdict.commands = stage->commands;
        verdict.coverage = stage->coverage;
    }
    return verdict;
}

}  // namespace

Trial generate(std::uint64_t seed, std::size_t count) {
    return in_a_child([&](const Write& write) {
        Generator generator(seed, false);
        std::size_t made = 0;
        const Verdict verdict = run(seed, [&](Stage& stage, Step& step) {
            if (made++ == count) return false;
            // Some runs end in a drain, some of those in one that ends what is live.
            const std::size_t left = count - made;
            const bool drain = (left == 80 && seed % 4 == 0) || (left == 20 && seed % 8 == 0);
            step = drain ? Step{StepKind::drains} : generator.next(stage);
            write('S', random_test::to_line(step));
            return true;
        });
        write('V', to_line(verdict));
    });
}

Verdict replay(std::uint64_t seed, const Steps& steps) {
    return in_a_child([&](const Write& write) {
               std::size_t at = 0;
               const Verdict verdict = run(seed, [&](Stage&, Step& step) {
                   if (at == steps.size()) return false;
                   step = steps[at++];
                   return true;
               });
               write('V', to_line(verdict));
           })
        .verdict;
}

Steps shrink(std::uint64_t seed, Steps steps, const std::string& kind, int attempts) {
    std::size_t chunk = std::max<std::size_t>(1, steps.size() / 2);
    while (attempts > 0) {
        bool shorter = false;
        for (std::size_t from = 0; from < steps.size() && attempts > 0;) {
            Steps fewer(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(from));
            const std::size_t until = std::min(steps.size(), from + chunk);
            fewer.insert(fewer.end(), steps.begin() + static_cast<std::ptrdiff_t>(until), steps.end());
            --attempts;
            const Verdict verdict = replay(seed, fewer);
            if (verdict.kind == kind) {
                // What came after the failure is not needed either.
                if (static_cast<std::size_t>(verdict.steps) < fewer.size())
                    fewer.resize(static_cast<std::size_t>(verdict.steps));
                steps = std::move(fewer);
                shorter = true;
            } else {
                from = until;
            }
        }
        if (chunk == 1 && !shorter) break;
        if (!shorter || chunk > steps.size()) chunk = std::max<std::size_t>(1, chunk / 2);
    }
    return steps;
}

Steps steps_through_all_strategies(std::uint64_t seed, std::size_t count) {
    Stage stage(seed, false);
    Generator generator(seed, true);
    Steps steps;
    for (std::size_t i = 0; i < count; ++i) {
        steps.push_back(generator.next(stage));
        (void)stage.carry_out(steps.back());
    }
    return steps;
}

std::string effects_of(std::uint64_t seed, const Steps& steps) {
    Stage stage(seed, false);
    trunkline::replay::EffectsHash hash;
    std::string lines;
    stage.watch = [&](const messages::Effects& effects) {
        hash.add(effects);
        lines += trunkline::replay::to_lines(effects);
    };
    for (const Step& step : steps) (void)stage.carry_out(step);
    stage.farewell();
    return lines + "hash " + hash.text() + "\n";
}

}  // namespace trunkline::random_test
