// The coroutines of all interactions: one of the strategy, and one of the busy treatment while the strategy
// waits in ix:route. Begun, resumed, ended here and nowhere else; whatever ends a run gives its memory back.
// Owned by the host; engine thread.
#pragma once

#include <map>
#include <memory>
#include <unordered_map>

#include "engine/scripting/generation.hpp"
#include "engine/scripting/run_state.hpp"

namespace trunkline::scripting {

class StrategyRuns {
  public:
    explicit StrategyRuns(EnginePort& port) : port_(port) {}
    ~StrategyRuns();
    StrategyRuns(const StrategyRuns&) = delete;
    StrategyRuns& operator=(const StrategyRuns&) = delete;

    /// From here on each run has its instructions anew.
    void begin_command() { ++command_; }
    /// `failure`: the strategy's `default` is called with it. The interaction must have no run.
    [[nodiscard]] Run begin(const std::shared_ptr<BuiltGeneration>&, Generation, CallUuid,
                            std::string_view strategy, std::optional<std::string> failure);
    [[nodiscard]] Run begin_on_wait(CallUuid);
    [[nodiscard]] Run resume(CallUuid, Strand, const Answer&);
    void close(CallUuid);
    void close_on_wait(CallUuid);
    /// Closes it and keeps where it ran, as a failure does.
    void give_up(CallUuid);

    [[nodiscard]] const RunState* find(CallUuid, Strand = Strand::strategy) const;
    [[nodiscard]] std::size_t size() const { return runs_.size(); }
    /// Runs of a generation, and those that failed and may still take their `default` there.
    [[nodiscard]] std::size_t in(Generation) const;

    /// The interactions with a run in this generation, in order.
    [[nodiscard]] std::vector<CallUuid> of(Generation) const;
    /// That of them which holds most.
    [[nodiscard]] std::optional<CallUuid> largest_of(Generation) const;

    /// Where the run of this interaction failed; none once its `default` began or the interaction is closed.
    struct Failed {
        Generation number;
        std::shared_ptr<BuiltGeneration> generation;
    };
    [[nodiscard]] std::optional<Failed> take_failed(CallUuid);

  private:
    struct Strands {
        std::unique_ptr<RunState> strategy, on_wait;
    };
    [[nodiscard]] static bool make_coroutine(RunState&, lua_CFunction body);
    [[nodiscard]] Run advance(RunState&);
    [[nodiscard]] ScriptError failure_of(RunState&, int status);
    void end(RunState&, bool close_variables);
    void close_variables_of(RunState&);
    void keep_failed(const RunState&);
    void left(Generation number);

    EnginePort& port_;
    std::uint64_t command_ = 1;
    std::unordered_map<CallUuid, Strands> runs_;
    std::unordered_map<CallUuid, Failed> failed_;
    std::map<Generation, std::size_t> in_use_;
};

}  // namespace trunkline::scripting
