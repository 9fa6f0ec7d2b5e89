// The Lua host: generations of scripts, one coroutine an interaction, budgets. Owned by the engine and called
// on its thread only, except build(), which may run anywhere. No Lua type leaves this room.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/agents/agent_view.hpp"
#include "engine/agents/load.hpp"
#include "engine/base/error.hpp"
#include "engine/base/ids.hpp"
#include "engine/scripting/check_names.hpp"
#include "engine/scripting/port.hpp"
#include "engine/scripting/script_sources.hpp"

namespace trunkline::scripting {

struct Budgets {
    std::int64_t instructions = 1'000'000;         // a resume
    std::int64_t load_instructions = 100'000;      // while a file loads
    std::int64_t function_instructions = 100'000;  // for a capacity, presence or statistics function
    std::int64_t close_instructions = 10'000;      // for <close> variables after a kill
    std::int64_t interaction_bytes = 1024 * 1024;  // growth of one interaction
    std::int64_t generation_bytes = 2048LL * 1024 * 1024;
};

/// A generation that loaded without an error; not yet in force. Movable between threads, bound to none.
class BuiltGeneration;

struct BuildResult {
    std::shared_ptr<BuiltGeneration> generation;  // null where there are errors
    std::vector<ScriptError> errors;              // all of them, in the order of the files
};

/// Compiles and checks every file in a state of its own, and the names that it writes as constants. Any
/// thread.
[[nodiscard]] BuildResult build(const ScriptSources&, const Budgets&, const NamesOf& = {});

using agents::Load;

class Host {
  public:
    Host(EnginePort&, Budgets);
    ~Host();
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    /// Puts a generation in force under this number. Runs already started stay in theirs.
    void adopt(Generation number, std::shared_ptr<BuiltGeneration>);
    [[nodiscard]] Generation current() const;
    /// Generations that still have a run, and the current one.
    [[nodiscard]] std::vector<Generation> live() const;
    [[nodiscard]] bool has_strategy(std::string_view name) const;
    [[nodiscard]] bool has_capacity_rule(std::string_view name) const;

    /// A command begins (or a timer fires): each run has its instructions anew. Waits that end within the
    /// command do not renew them.
    void begin_command();
    /// Starts the strategy in the current generation, up to its first wait. One run an interaction.
    [[nodiscard]] Run start(CallUuid, std::string_view strategy);
    /// After a failed run: the strategy table's `default` function; finished at once where it has none.
    [[nodiscard]] Run start_default(CallUuid, std::string_view strategy, const ScriptError&);
    /// Continues a waiting run. The run must be waiting.
    [[nodiscard]] Run resume(CallUuid, const Answer&, Strand = Strand::strategy);
    /// Begins the busy treatment that the waiting ix:route was given, up to its first wait; finished at once
    /// where it has none. The strategy must be waiting.
    [[nodiscard]] Run start_on_wait(CallUuid);
    /// Cuts the busy treatment short: its <close> variables run. Harmless without one. Resuming the strategy
    /// does this by itself.
    void close_on_wait(CallUuid);
    /// Ends the run: <close> variables run within their budget, the coroutine is freed. Harmless without a
    /// run.
    void close(CallUuid);
    /// Ends the run from outside, for start_default: its `default` then runs in the generation it began in.
    void give_up(CallUuid);
    [[nodiscard]] bool running(CallUuid, Strand = Strand::strategy) const;
    [[nodiscard]] std::size_t runs() const;
    /// Bytes charged to the interaction's run; 0 without one.
    [[nodiscard]] std::int64_t bytes_of(CallUuid) const;

    /// Asks a capacity rule of the current generation. An error or a missing rule means false; `error` then
    /// says why.
    [[nodiscard]] bool capacity_allows(std::string_view script, const Load&, std::string_view media,
                                       std::string* error);
    [[nodiscard]] bool has_statistic(std::string_view name) const;
    /// Asks a statistics function of the current generation; the greatest wins. None for no number, and for
    /// an error, which `error` then says.
    [[nodiscard]] std::optional<double> figure(std::string_view script, const agents::AgentView&,
                                               std::string* error);
    /// The same of the function that the waiting ix:route was given as its statistic.
    [[nodiscard]] std::optional<double> inline_figure(CallUuid, const agents::AgentView&, std::string* error);

    // ---- limits ----
    /// The runs of the oldest generation while more than eight live; they are to be given up.
    [[nodiscard]] std::vector<CallUuid> surplus() const;
    /// The run that holds most in a generation that is over its limit; it is to be given up.
    [[nodiscard]] std::optional<CallUuid> largest_when_full() const;
    /// Bytes of all live generations.
    [[nodiscard]] std::int64_t bytes() const;

  private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

}  // namespace trunkline::scripting
