#include "engine/scripting/host.hpp"

#include <map>
#include <stdexcept>
#include <unordered_map>

#include "engine/scripting/binding.hpp"
#include "engine/scripting/generation.hpp"
#include "engine/scripting/read_only.hpp"
#include "engine/scripting/script_error.hpp"
#include "engine/scripting/strategy_body.hpp"
#include "engine/scripting/values.hpp"

namespace trunkline::scripting {
namespace {

// Above this share of a generation's memory no new strategy starts: those that run are left room to end.
constexpr double full_from = 0.8;

Run failed(ScriptError error) { return Run{Outcome::failed, std::nullopt, std::move(error)}; }

Run failed(FailureKind kind, const std::string& file, const std::string& why) {
    ScriptError error;
    error.kind = kind;
    error.file = file;
    error.message = file + ": " + why;
    return failed(std::move(error));
}

// While a script of `run` may execute: who it is, whom memory is charged to.
class Entered {
  public:
    Entered(BuiltGeneration& generation, RunState* run, Account account, EnginePort& port)
        : generation_(generation), former_(generation.allocator.charge_to(account)) {
        generation_.run = run;
        generation_.port = &port;
    }
    ~Entered() {
        generation_.run = nullptr;
        generation_.allocator.charge_to(former_);
    }
    Entered(const Entered&) = delete;
    Entered& operator=(const Entered&) = delete;

  private:
    BuiltGeneration& generation_;
    Account former_;
};

}  // namespace

struct Host::Inner {
    struct Held {
        std::shared_ptr<BuiltGeneration> generation;
        std::size_t runs = 0;
    };

    EnginePort& port;
    Budgets budgets;
    Generation current;
    std::map<Generation, Held> generations;
    std::unordered_map<CallUuid, std::unique_ptr<RunState>> runs;

    Inner(EnginePort& engine, const Budgets& given) : port(engine), budgets(given) {}

    [[nodiscard]] BuiltGeneration* in_force() const {
        const auto found = generations.find(current);
        return found == generations.end() ? nullptr : found->second.generation.get();
    }

    Run begin(CallUuid id, std::string_view strategy, std::optional<std::string> failure) {
        if (runs.contains(id)) throw std::logic_error("a strategy of this interaction runs already");
        Held& held = generations.at(current);
        BuiltGeneration& generation = *held.generation;
        const std::string& file = generation.strategy_files.find(strategy)->second;
        if (static_cast<double>(generation.allocator.total()) >
            full_from * static_cast<double>(generation.allocator.limit()))
            return failed(FailureKind::memory, file,
                          "not started: the scripts' memory is nearly full (setting "
                          "scripts.generation_memory); look for a strategy that keeps much");
        auto made = std::make_unique<RunState>();
        RunState& run = *made;
        run.id = id;
        run.number = current;
        run.generation = held.generation;
        run.strategy = strategy;
        run.failure = std::move(failure);
        run.account = generation.allocator.open(generation.budgets.interaction_bytes);
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
            generation.allocator.close(run.account);
            return failed(FailureKind::memory, file, "not started: not enough memory for one more strategy");
        }
        ++held.runs;
        runs.emplace(id, std::move(made));
        lua_pushcfunction(run.coroutine, run_strategy);
        return advance(run);
    }

    /// Runs on to the next wait or the end.
    Run advance(RunState& run) {
        BuiltGeneration& generation = *run.generation;
        int results = 0;
        int status = LUA_OK;
        {
            const Entered entered(generation, &run, run.account, port);
            generation.budget.start(run.coroutine, generation.budgets.instructions);
            status = lua_resume(run.coroutine, nullptr, 0, &results);
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
        // A coroutine that an error left from inside a hook runs its <close> variables without any hook: then
        // they are left out.
        end(run, !generation.budget.thrown_by_hook());
        if (memory)
            lua_gc(kept->state, LUA_GCCOLLECT, 0);  // else the next one is refused for this one's garbage
        return result;
    }

    ScriptError failure_of(RunState& run, int status) {
        BuiltGeneration& generation = *run.generation;
        const std::string& file = generation.strategy_files[run.strategy];
        if (generation.budget.over()) {
            ScriptError error = budget_error(generation, file);
            // The traceback only: the message is the budget's.
            error.traceback = error_of(run.coroutine, status, file).traceback;
            return error;
        }
        const Entered entered(generation, &run, generation.functions, port);
        if (status != LUA_YIELD) return error_of(run.coroutine, status, file);
        lua_settop(run.coroutine, 0);
        ScriptError error = error_of(run.coroutine, status, file);
        error.kind = FailureKind::bad_yield;
        return error;
    }

    void end(RunState& run, bool close_variables) {
        BuiltGeneration& generation = *run.generation;
        if (close_variables) {
            const Entered entered(generation, &run, run.account, port);
            generation.budget.start(run.coroutine, generation.budgets.close_instructions);
            lua_resetthread(run.coroutine);
        }
        while (!run.open_treatments.empty()) {
            port.treatment_ended(run.id, "closed", R"({"name":")" + run.open_treatments.back() + "\"}");
            run.open_treatments.pop_back();
        }
        luaL_unref(generation.state, LUA_REGISTRYINDEX, run.reference);
        generation.allocator.close(run.account);
        const Generation number = run.number;
        runs.erase(run.id);
        --generations.at(number).runs;
        drop_unused();
    }

    void drop_unused() {
        std::erase_if(generations,
                      [this](const auto& entry) { return entry.first != current && entry.second.runs == 0; });
    }
};

Host::Host(EnginePort& port, Budgets budgets) : inner_(std::make_unique<Inner>(port, budgets)) {}
Host::~Host() = default;

void Host::adopt(Generation number, std::shared_ptr<BuiltGeneration> generation) {
    generation->port = &inner_->port;
    inner_->generations[number].generation = std::move(generation);
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
    const BuiltGeneration* generation = inner_->in_force();
    return generation != nullptr && generation->strategies.contains(name);
}

bool Host::has_capacity_rule(std::string_view name) const {
    const BuiltGeneration* generation = inner_->in_force();
    return generation != nullptr && generation->capacity.contains(name);
}

Run Host::start(CallUuid id, std::string_view strategy) {
    if (!has_strategy(strategy)) {
        const std::string name(strategy);
        return failed(FailureKind::error, "strategies/" + name + ".lua",
                      "there is no strategy of this name in the generation in force; check the routing "
                      "point's option and trunkctl reload");
    }
    return inner_->begin(id, strategy, std::nullopt);
}

Run Host::start_default(CallUuid id, std::string_view strategy, const ScriptError& error) {
    if (!has_strategy(strategy)) return Run{};
    return inner_->begin(id, strategy, error.message);
}

Run Host::resume(CallUuid id, const Answer& answer) {
    RunState& run = *inner_->runs.at(id);
    run.answer = &answer;
    return inner_->advance(run);
}

void Host::close(CallUuid id) {
    const auto found = inner_->runs.find(id);
    if (found != inner_->runs.end()) inner_->end(*found->second, true);
}

bool Host::running(CallUuid id) const { return inner_->runs.contains(id); }
std::size_t Host::runs() const { return inner_->runs.size(); }

std::int64_t Host::bytes_of(CallUuid id) const {
    const auto found = inner_->runs.find(id);
    if (found == inner_->runs.end()) return 0;
    return found->second->generation->allocator.bytes(found->second->account);
}

bool Host::capacity_allows(std::string_view script, const Load& load, std::string_view media,
                           std::string* error) {
    BuiltGeneration* generation = inner_->in_force();
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
