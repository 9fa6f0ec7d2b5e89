#include "engine/scripting/host.hpp"

#include <map>

#include "engine/scripting/functions.hpp"
#include "engine/scripting/generation.hpp"
#include "engine/scripting/strategy_runs.hpp"

namespace trunkline::scripting {
namespace {

// Of generations that still have runs, the one in force included (contract: Hot reload).
constexpr std::size_t most_generations = 8;

Run failed(const std::string& file, const std::string& why) {
    ScriptError error;
    error.file = file;
    error.message = file + ": " + why;
    return Run{Outcome::failed, std::nullopt, std::move(error)};
}

}  // namespace

struct Host::Inner {
    EnginePort& port;
    Budgets budgets;
    Generation current;
    std::map<Generation, std::shared_ptr<BuiltGeneration>> generations;
    StrategyRuns runs;

    Inner(EnginePort& engine, const Budgets& given) : port(engine), budgets(given), runs(engine) {}

    [[nodiscard]] std::shared_ptr<BuiltGeneration> in_force() const {
        const auto found = generations.find(current);
        return found == generations.end() ? nullptr : found->second;
    }
    /// The run that just came back may have been the last of its generation.
    Run back(Run run) {
        drop_unused();
        return run;
    }
    void drop_unused() {
        std::erase_if(generations,
                      [this](const auto& held) { return held.first != current && runs.in(held.first) == 0; });
    }
};

Host::Host(EnginePort& port, Budgets budgets) : inner_(std::make_unique<Inner>(port, budgets)) {}
Host::~Host() = default;

void Host::adopt(Generation number, std::shared_ptr<BuiltGeneration> generation) {
    generation->port = &inner_->port;
    inner_->generations[number] = std::move(generation);
    inner_->current = number;
    inner_->drop_unused();
}

Generation Host::current() const { return inner_->current; }

std::vector<Generation> Host::live() const {
    std::vector<Generation> numbers;
    for (const auto& [number, held] : inner_->generations) numbers.push_back(number);
    return numbers;
}

bool Host::has_strategy(std::string_view name) const {
    const auto generation = inner_->in_force();
    return generation != nullptr && generation->strategies.contains(name);
}

bool Host::has_capacity_rule(std::string_view name) const {
    const auto generation = inner_->in_force();
    return generation != nullptr && generation->capacity.contains(name);
}

void Host::begin_command() { inner_->runs.begin_command(); }

Run Host::start(CallUuid id, std::string_view strategy) {
    (void)inner_->runs.take_failed(id);
    if (!has_strategy(strategy)) {
        const std::string name(strategy);
        return failed("strategies/" + name + ".lua",
                      "there is no strategy of this name in the generation in force; check the routing "
                      "point's option and trunkctl reload");
    }
    return inner_->back(inner_->runs.begin(inner_->in_force(), inner_->current, id, strategy, std::nullopt));
}

Run Host::start_default(CallUuid id, std::string_view strategy, const ScriptError& error) {
    // In the generation that the failed run began in; a run that never began fails in the one in force.
    const auto failed_in = inner_->runs.take_failed(id);
    const auto generation = failed_in ? failed_in->generation : inner_->in_force();
    if (!generation || !generation->strategies.contains(strategy)) return inner_->back(Run{});
    return inner_->back(inner_->runs.begin(generation, failed_in ? failed_in->number : inner_->current, id,
                                           strategy, error.message));
}

Run Host::resume(CallUuid id, const Answer& answer, Strand strand) {
    return inner_->back(inner_->runs.resume(id, strand, answer));
}

Run Host::start_on_wait(CallUuid id) { return inner_->runs.begin_on_wait(id); }
void Host::close_on_wait(CallUuid id) { inner_->runs.close_on_wait(id); }

void Host::close(CallUuid id) {
    inner_->runs.close(id);
    inner_->drop_unused();
}

bool Host::running(CallUuid id, Strand strand) const { return inner_->runs.find(id, strand) != nullptr; }
std::size_t Host::runs() const { return inner_->runs.size(); }

std::int64_t Host::bytes_of(CallUuid id) const {
    const RunState* run = inner_->runs.find(id);
    return run == nullptr ? 0 : run->generation->allocator.bytes(run->account);
}

bool Host::capacity_allows(std::string_view script, const Load& load, std::string_view media,
                           std::string* error) {
    const auto generation = inner_->in_force();
    if (generation) return ask_capacity(*generation, inner_->port, script, load, media, error);
    if (error != nullptr) *error = "no scripts are loaded";
    return false;
}

bool Host::has_statistic(std::string_view name) const {
    const auto generation = inner_->in_force();
    return generation != nullptr && generation->statistics.contains(name);
}

std::optional<double> Host::figure(std::string_view script, const agents::AgentView& view,
                                   std::string* error) {
    const auto generation = inner_->in_force();
    const std::string file = "statistics/" + std::string(script) + ".lua";
    if (!has_statistic(script)) {
        if (error != nullptr)
            *error = file + ": there is no statistic of this name in the generation in force";
        return std::nullopt;
    }
    return ask_figure(*generation, inner_->port, generation->statistics.find(script)->second,
                      generation->functions, file, view, error);
}

std::optional<double> Host::inline_figure(CallUuid id, const agents::AgentView& view, std::string* error) {
    const RunState* run = inner_->runs.find(id);
    if (run == nullptr || run->inline_statistic == LUA_NOREF) {
        if (error != nullptr) *error = "no ix:route with a statistic function waits";
        return std::nullopt;
    }
    return ask_figure(*run->generation, inner_->port, run->inline_statistic, run->account,
                      run->generation->strategy_files[run->strategy], view, error);
}

void Host::give_up(CallUuid id) {
    inner_->runs.give_up(id);
    inner_->drop_unused();
}

std::vector<CallUuid> Host::surplus() const {
    if (inner_->generations.size() <= most_generations) return {};
    for (const auto& [number, generation] : inner_->generations)
        if (number != inner_->current) return inner_->runs.of(number);
    return {};
}

std::optional<CallUuid> Host::largest_when_full() const {
    for (const auto& [number, generation] : inner_->generations) {
        Allocator& allocator = generation->allocator;
        if (allocator.total() <= allocator.limit() || inner_->runs.in(number) == 0) continue;
        lua_gc(generation->state, LUA_GCCOLLECT, 0);
        if (allocator.total() > allocator.limit()) return inner_->runs.largest_of(number);
    }
    return std::nullopt;
}

std::int64_t Host::bytes() const {
    std::int64_t sum = 0;
    for (const auto& [number, generation] : inner_->generations) sum += generation->allocator.total();
    return sum;
}

}  // namespace trunkline::scripting
