// The door of the engine: a deterministic function of time, configuration and commands (DESIGN decision 1).
// Commands in, effects out; it opens no socket, runs no SQL, starts no thread and reads no clock. One thread
// owns it.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/base/time.hpp"
#include "engine/messages/commands.hpp"
#include "engine/messages/effects.hpp"
#include "engine/messages/views.hpp"
#include "engine/scripting/host.hpp"
#include "engine/statistics/catalogue.hpp"

namespace trunkline {

struct EngineSettings {
    std::uint64_t seed = 1;   // of the engine's dice; recorded with the command log
    std::uint32_t shard = 1;  // 1..1023, part of every ConnID, CallUUID and seq
    TimePoint started_at;     // ids count up from here: unique over restarts
    scripting::Budgets budgets;
    bool explain_all = false;  // decision records name every agent (replay for `trunkctl explain`)
    scripting::TraceKept trace = scripting::TraceKept::all;  // which steps of strategies are recorded
    std::string node = "trunklined";                         // how log events call this server
};

class Engine {
  public:
    explicit Engine(EngineSettings);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Carries out one command at `now` (never earlier than the last one's). Appends effects in the order in
    /// which they must leave. Fires the timers that are due before `now` first.
    void handle(messages::Command&&, TimePoint now, messages::Effects&);
    /// When TimersDue has to come at the latest; none while no timer runs.
    [[nodiscard]] std::optional<TimePoint> next_deadline() const;

    [[nodiscard]] StatusRow status(TimePoint now) const;
    [[nodiscard]] std::vector<AgentRow> agents(TimePoint now) const;
    [[nodiscard]] std::vector<InteractionRow> interactions(TimePoint now) const;
    [[nodiscard]] std::vector<QueueRow> queues(TimePoint now) const;
    /// One live statistic, by Stat Server's name, of the object in the tenant of this name ("": whichever
    /// alone has it); `object` is a name or type:name. The error says what there is not: dn_not_configured
    /// where it is the object.
    [[nodiscard]] Result<statistics::Answer> statistic(std::string_view tenant, std::string_view object,
                                                       std::string_view name, TimePoint now) const;

    /// What breaks an invariant, in words; empty while all hold. Tests call it after every command.
    [[nodiscard]] std::vector<std::string> broken_invariants() const;
    /// What is still alive (interactions, offers, slots, timers, runs), in words; empty when all has ended.
    [[nodiscard]] std::vector<std::string> residue() const;

  private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

}  // namespace trunkline
