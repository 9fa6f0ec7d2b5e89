#include "engine/scripting/strategy_runs.hpp"

#include <algorithm>
#include <stdexcept>

#include "engine/scripting/binding.hpp"
#include "engine/scripting/entered.hpp"
#include "engine/scripting/script_error.hpp"
#include "engine/scripting/strategy_body.hpp"

namespace trunkline::scripting {
namespace {

// Above this share of a generation's memory no new strategy starts: those that run are left room to end.
constexpr double full_from = 0.8;
// A wait that ends in the command that began it: what the engine did for it, in instructions.
constexpr std::int64_t price_of_a_wait = 1'000;

Run failed(ScriptError error) { return Run{Outcome::failed, std::nullopt, std::move(error)}; }

Run failed_for_memory(const std::string& file, const std::string& why) {
    ScriptError error;
    error.kind = FailureKind::memory;
    error.file = file;
    error.message = file + ": " + why;
    return failed(std::move(error));
}

bool nearly_full(const BuiltGeneration& generation) {
    return static_cast<double>(generation.allocator.total()) >
           full_from * static_cast<double>(generation.allocator.limit());
}

// Whether a collection makes room; not asked again before much more was allocated, for it takes its time.
bool collected(BuiltGeneration& generation) {
    const std::int64_t step = generation.allocator.limit() / 20;
    if (generation.allocator.total() < generation.after_collection + step) return false;
    lua_gc(generation.state, LUA_GCCOLLECT, 0);
    generation.after_collection = generation.allocator.total();
    return !nearly_full(generation);
}

void forget(BuiltGeneration& generation, int& reference) {
    luaL_unref(generation.state, LUA_REGISTRYINDEX, reference);
    reference = LUA_NOREF;
}

}  // namespace

StrategyRuns::~StrategyRuns() = default;

const RunState* StrategyRuns::find(CallUuid id, Strand strand) const {
    const auto found = runs_.find(id);
    if (found == runs_.end()) return nullptr;
    return (strand == Strand::strategy ? found->second.strategy : found->second.on_wait).get();
}

std::size_t StrategyRuns::in(Generation number) const {
    const auto found = in_use_.find(number);
    return found == in_use_.end() ? 0 : found->second;
}

void StrategyRuns::left(Generation number) {
    const auto found = in_use_.find(number);
    if (--found->second == 0) in_use_.erase(found);
}

std::optional<StrategyRuns::Failed> StrategyRuns::take_failed(CallUuid id) {
    const auto found = failed_.find(id);
    if (found == failed_.end()) return std::nullopt;
    Failed taken = std::move(found->second);
    failed_.erase(found);
    left(taken.number);
    return taken;
}

// A coroutine for this strand, on the run's account; false where there is no memory for one.
bool StrategyRuns::make_coroutine(RunState& run, lua_CFunction body) {
    BuiltGeneration& generation = *run.generation;
    const int status = protect(generation.state, [&run](lua_State* L) {
        Allocator& allocator = run.generation->allocator;
        const Account former = allocator.charge_to(run.account);
        run.coroutine = lua_newthread(L);
        allocator.charge_to(former);
        run.reference = luaL_ref(L, LUA_REGISTRYINDEX);
    });
    if (status != LUA_OK) {
        lua_settop(generation.state, 0);
        generation.allocator.charge_to(0);
        return false;
    }
    generation.not_resumable.insert(run.coroutine);
    lua_pushcfunction(run.coroutine, body);
    return true;
}

Run StrategyRuns::begin(const std::shared_ptr<BuiltGeneration>& generation, Generation number, CallUuid id,
                        std::string_view strategy, std::optional<std::string> failure) {
    if (runs_.contains(id)) throw std::logic_error("a strategy of this interaction runs already");
    const std::string& file = generation->strategy_files.find(strategy)->second;
    // A `default` takes the place of a run that has ended: it needs no room that was not there.
    if (!failure && nearly_full(*generation) && !collected(*generation))
        return failed_for_memory(file,
                                 "not started: the scripts' memory is nearly full (setting "
                                 "scripts.memory_budget_mib); look for a strategy that keeps much");
    auto made = std::make_unique<RunState>();
    RunState& run = *made;
    run.id = id;
    run.number = number;
    run.generation = generation;
    run.strategy = strategy;
    run.failure = std::move(failure);
    run.account = generation->allocator.open(generation->budgets.interaction_bytes);
    if (!make_coroutine(run, run_strategy)) {
        generation->allocator.close(run.account);
        return failed_for_memory(file, "not started: not enough memory for one more strategy");
    }
    ++in_use_[number];
    runs_[id].strategy = std::move(made);
    return advance(run);
}

Run StrategyRuns::begin_on_wait(CallUuid id) {
    const auto found = runs_.find(id);
    if (found == runs_.end()) return Run{};
    const RunState& strategy = *found->second.strategy;
    if (strategy.on_wait_function == LUA_NOREF) return Run{};
    if (found->second.on_wait) throw std::logic_error("a busy treatment of this interaction runs already");
    auto made = std::make_unique<RunState>();
    RunState& run = *made;
    run.id = id;
    run.strand = Strand::on_wait;
    run.number = strategy.number;
    run.generation = strategy.generation;
    run.strategy = strategy.strategy;
    run.account = strategy.account;
    run.on_wait_function = strategy.on_wait_function;
    run.abandoned = strategy.abandoned;
    if (!make_coroutine(run, run_on_wait))
        return failed_for_memory(run.generation->strategy_files[run.strategy],
                                 "on_wait not started: not enough memory for one more coroutine");
    found->second.on_wait = std::move(made);
    return advance(run);
}

Run StrategyRuns::resume(CallUuid id, Strand strand, const Answer& answer) {
    if (strand == Strand::strategy) close_on_wait(id);
    Strands& strands = runs_.at(id);
    RunState& run = strand == Strand::strategy ? *strands.strategy : *strands.on_wait;
    run.answer = &answer;
    return advance(run);
}

// Runs on to the next wait or the end.
Run StrategyRuns::advance(RunState& run) {
    BuiltGeneration& generation = *run.generation;
    int results = 0;
    int status = LUA_OK;
    {
        const Entered entered(generation, &run, run.account, port_);
        if (std::exchange(run.command, command_) != command_) run.spent = 0;
        generation.budget.start(run.coroutine, generation.budgets.instructions);
        status = generation.budget.carry_over(run.coroutine, run.spent)
                     ? lua_resume(run.coroutine, nullptr, 0, &results)
                     : LUA_YIELD;
        run.spent = generation.budget.spent() + price_of_a_wait;
    }
    run.answer = nullptr;
    if (status == LUA_YIELD && !generation.budget.over() && run.wait) {
        Run waiting{Outcome::waiting, std::move(run.wait), std::nullopt};
        run.wait.reset();
        return waiting;
    }
    if (status == LUA_OK || (run.given_up && !generation.budget.over())) {
        end(run, status != LUA_OK);
        return Run{};
    }
    Run result = failed(failure_of(run, status));
    const bool memory = result.error->kind == FailureKind::memory;
    const std::shared_ptr<BuiltGeneration> kept = run.generation;
    if (run.strand == Strand::strategy) keep_failed(run);
    // A coroutine that an error left from inside a hook runs its <close> variables without any hook: then
    // they are left out.
    end(run, !generation.budget.thrown_by_hook());
    if (memory) lua_gc(kept->state, LUA_GCCOLLECT, 0);  // else the next one is refused for this one's garbage
    return result;
}

ScriptError StrategyRuns::failure_of(RunState& run, int status) {
    BuiltGeneration& generation = *run.generation;
    const std::string& file = generation.strategy_files[run.strategy];
    if (generation.budget.over()) {
        ScriptError error = budget_error(generation, file);
        // The traceback only: the message is the budget's.
        error.traceback = error_of(run.coroutine, status, file).traceback;
        return error;
    }
    const Entered entered(generation, &run, generation.functions, port_);
    if (status != LUA_YIELD) return error_of(run.coroutine, status, file);
    lua_settop(run.coroutine, 0);
    ScriptError error = error_of(run.coroutine, status, file);
    error.kind = FailureKind::bad_yield;
    return error;
}

// From the inside out: first the script's own coroutines that the wait went through.
void StrategyRuns::close_variables_of(RunState& run) {
    BuiltGeneration& generation = *run.generation;
    const Entered entered(generation, &run, run.account, port_);
    generation.budget.start(run.coroutine, generation.budgets.close_instructions);
    for (lua_State* inner : run.suspended) {
        generation.budget.watch(inner);
        generation.not_resumable.erase(inner);
        lua_resetthread(inner);
    }
    run.suspended.clear();
    lua_resetthread(run.coroutine);
}

void StrategyRuns::end(RunState& run, bool close_variables) {
    const CallUuid id = run.id;
    const bool whole = run.strand == Strand::strategy;
    if (whole) close_on_wait(id);
    BuiltGeneration& generation = *run.generation;
    if (close_variables) close_variables_of(run);
    while (!run.open_treatments.empty()) {
        port_.treatment_ended(id, "closed", R"({"name":")" + run.open_treatments.back() + "\"}");
        run.open_treatments.pop_back();
    }
    for (lua_State* inner : run.suspended) generation.not_resumable.erase(inner);
    generation.not_resumable.erase(run.coroutine);
    forget(generation, run.reference);
    forget(generation, run.inline_statistic);
    if (!whole) {
        runs_.at(id).on_wait.reset();
        return;
    }
    forget(generation, run.on_wait_function);
    generation.allocator.close(run.account);
    const Generation number = run.number;
    runs_.erase(id);
    left(number);
}

void StrategyRuns::close(CallUuid id) {
    (void)take_failed(id);
    const auto found = runs_.find(id);
    if (found != runs_.end()) end(*found->second.strategy, true);
}

void StrategyRuns::give_up(CallUuid id) {
    const auto found = runs_.find(id);
    if (found == runs_.end()) return;
    RunState& run = *found->second.strategy;
    keep_failed(run);
    end(run, true);
}

std::vector<CallUuid> StrategyRuns::of(Generation number) const {
    std::vector<CallUuid> found;
    for (const auto& [id, strands] : runs_)
        if (strands.strategy->number == number) found.push_back(id);
    std::sort(found.begin(), found.end());
    return found;
}

std::optional<CallUuid> StrategyRuns::largest_of(Generation number) const {
    std::optional<CallUuid> largest;
    std::int64_t most = -1;
    for (const CallUuid id : of(number)) {
        const RunState& run = *runs_.at(id).strategy;
        const std::int64_t bytes = run.generation->allocator.bytes(run.account);
        if (bytes <= most) continue;
        most = bytes;
        largest = id;
    }
    return largest;
}

void StrategyRuns::keep_failed(const RunState& run) {
    if (run.failure) return;  // a `default` has no default
    failed_[run.id] = Failed{run.number, run.generation};
    ++in_use_[run.number];
}

void StrategyRuns::close_on_wait(CallUuid id) {
    const auto found = runs_.find(id);
    if (found != runs_.end() && found->second.on_wait) end(*found->second.on_wait, true);
}

}  // namespace trunkline::scripting
