#include "engine/scripting/host.hpp"

#include <map>

#include "engine/scripting/entered.hpp"
#include "engine/scripting/generation.hpp"
#include "engine/scripting/script_error.hpp"
#include "engine/scripting/strategy_body.hpp"
#include "engine/scripting/strategy_runs.hpp"

namespace trunkline::scripting {
namespace {

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
    const auto say = [error](const std::string& why) {
        if (error != nullptr) *error = why;
        return false;
    };
    const std::string file = "capacity/" + std::string(script) + ".lua";
    if (generation == nullptr || !generation->capacity.contains(script))
        return say(file + ": there is no capacity rule of this name in the generation in force");
    lua_State* L = generation->state;
    const Entered entered(*generation, nullptr, generation->functions, inner_->port);
    generation->budget.start(L, generation->budgets.load_instructions);
    bool allowed = false;
    const int status = protect(L, [&](lua_State* in) {
        lua_rawgeti(in, LUA_REGISTRYINDEX, generation->capacity.find(script)->second);
        push_load(in, load);
        lua_pushlstring(in, media.data(), media.size());
        lua_call(in, 2, 1);
        if (!lua_isboolean(in, -1))
            luaL_error(in, "%s: must return true or false, but returned %s", file.c_str(),
                       luaL_typename(in, -1));
        allowed = lua_toboolean(in, -1) != 0;
    });
    if (status == LUA_OK) return allowed;
    const ScriptError why =
        generation->budget.over() ? budget_error(*generation, file) : error_of(L, status, file);
    lua_settop(L, 0);
    return say(why.message);
}

}  // namespace trunkline::scripting
