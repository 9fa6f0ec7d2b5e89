// Running strategies: start, wait, answer, default. A script never runs inside another flow's step: answers
// are queued and given once the command at hand is carried out.
#pragma once

#include "engine/flows/call_events.hpp"

namespace trunkline::flows {

/// The routing point's strategy in the generation in force; without one, clients have router-timeout to
/// route.
void start_strategy(Core&, Interaction&);
/// Ends what the script waits for and queues the answer. Without a waiting script nothing happens.
void answer_script(Core&, Interaction&, scripting::Answer, scripting::Strand = scripting::Strand::strategy);
/// Takes the interaction from a waiting strategy for good: its run is closed. Nothing happens where none
/// waits.
void end_strategy(Core&, Interaction&);
/// Counts it and says it in the log and in the trace; `what` begins the sentence. The interaction; none where
/// it is over.
Interaction* tell_failure(Core&, CallUuid, const std::string& what, const scripting::ScriptError&);
/// The strategy's own `default`, in the generation that it began in; after that, or where there is none,
/// default routing.
void run_default(Core&, CallUuid, const scripting::ScriptError&);
/// Gives the queued answers, and carries out endings that scripts asked for, until nothing is left.
void settle(Core&);
void on_wait_over(Core&, CallUuid, scripting::Strand);
/// Writes the row of the innermost running treatment, if one runs.
void end_treatment(Core&, Interaction&, const std::string& result, const std::string& detail_json);

/// What bindings see of the engine.
class Port final : public scripting::EnginePort {
  public:
    explicit Port(Core& core) : core_(core) {}
    [[nodiscard]] TimePoint now() const override;
    std::uint64_t random() override;
    [[nodiscard]] std::optional<scripting::InteractionView> view(CallUuid) const override;
    [[nodiscard]] SharedKv user_data(CallUuid) const override;
    Result<void> attach(CallUuid, const KvList&) override;
    void detach(CallUuid, std::string_view) override;
    bool send_text(CallUuid, const std::string&) override;
    void set_priority(CallUuid, int) override;
    void raise_priority(CallUuid, int by, Duration every, int limit) override;
    Result<void> enter_queue(CallUuid, std::string_view) override;
    Result<void> leave_queue(CallUuid, std::string_view) override;
    [[nodiscard]] std::optional<std::int64_t> position(CallUuid) const override;
    [[nodiscard]] std::optional<Duration> expected_wait(CallUuid) const override;
    [[nodiscard]] std::optional<Duration> expected_wait(CallUuid, const routing::Target&) const override;
    [[nodiscard]] Result<statistics::Figure> statistic(CallUuid, std::string_view,
                                                       std::string_view) const override;
    void disconnect(CallUuid, const std::string&) override;
    void treatment_started(CallUuid, const std::string&) override;
    void treatment_ended(CallUuid, const std::string&, const std::string&) override;
    void trace(CallUuid, scripting::TraceLevel, const std::string&, int, const std::string&,
               const std::string&) override;
    void log(CallUuid, const std::string&, const std::string&) override;
    [[nodiscard]] bool target_exists(CallUuid, const routing::Target&) const override;
    [[nodiscard]] scripting::ConfigValue option(CallUuid, std::string_view, std::string_view,
                                                std::string_view) const override;
    [[nodiscard]] scripting::ConfigValue list_entry(CallUuid, std::string_view,
                                                    std::string_view) const override;
    [[nodiscard]] const model::TimeZone& time_zone(CallUuid) const override;
    [[nodiscard]] const model::TimeZone* time_zone_named(std::string_view) const override;

  private:
    /// The interaction while it lives and has not been disconnected by this script.
    [[nodiscard]] Interaction* live(CallUuid) const;
    /// What the script is shown of it: that, and after the end the interaction as it stood then.
    [[nodiscard]] Interaction* seen(CallUuid) const;
    Core& core_;
};

}  // namespace trunkline::flows
