#include "engine/engine.hpp"

#include "engine/flows/after_work.hpp"
#include "engine/flows/agent_work.hpp"
#include "engine/flows/ask_statistic.hpp"
#include "engine/flows/client_routing.hpp"
#include "engine/flows/cut_off.hpp"
#include "engine/flows/direct_routing.hpp"
#include "engine/flows/drain.hpp"
#include "engine/flows/endpoints.hpp"
#include "engine/flows/generations.hpp"
#include "engine/flows/invariants.hpp"
#include "engine/flows/offering.hpp"
#include "engine/flows/outside.hpp"
#include "engine/flows/overview.hpp"
#include "engine/flows/party_legs.hpp"
#include "engine/flows/priorities.hpp"
#include "engine/flows/reach.hpp"
#include "engine/flows/reconciler.hpp"
#include "engine/flows/requests.hpp"
#include "engine/flows/reserving.hpp"
#include "engine/flows/sessions.hpp"
#include "engine/flows/strategies.hpp"
#include "engine/flows/texts.hpp"

namespace trunkline {

using namespace flows;

struct Engine::Inner {
    explicit Inner(EngineSettings given)
        : settings(given),
          core(given.seed, given.shard, given.started_at,
               [this](std::string_view script, const agents::Load& load, agents::Media media) {
                   std::string error;
                   const bool allowed =
                       core.scripts->capacity_allows(script, load, agents::to_text(media), &error);
                   tell_once("capacity rule " + std::string(script), error);
                   return allowed;
               }),
          port(core) {
        core.now = given.started_at;
        core.explain_all = given.explain_all;
        core.trace = given.trace;
        core.node = given.node;
        core.scripts = std::make_unique<scripting::Host>(port, given.budgets);
        core.router.use({[this](std::string_view script, const agents::AgentView& view) {
                             std::string error;
                             const auto figure = core.scripts->figure(script, view, &error);
                             tell_once("statistic lua:" + std::string(script), error);
                             return figure;
                         },
                         [this](CallUuid id, const agents::AgentView& view) {
                             std::string error;
                             const auto figure = core.scripts->inline_figure(id, view, &error);
                             tell_once("statistic a function of ix:route", error);
                             return figure;
                         },
                         [this](std::uint64_t bound) { return core.ids.dice().below(bound); }});
    }
    /// A function that fails does so for every agent or load: it is told again only when it says something
    /// else.
    void tell_once(const std::string& function, const std::string& error) {
        if (error.empty() || core.out == nullptr || std::exchange(told[function], error) == error) return;
        core.log(messages::LogLevel::error, function + ": " + error);
    }
    std::map<std::string, std::string> told;
    EngineSettings settings;
    Core core;
    Port port;
};

namespace {

struct FireTimer {
    Core& core;
    void operator()(const WaitOver& t) const { on_wait_over(core, t.interaction, t.strand); }
    void operator()(const OfferDeadline& t) const { on_offer_deadline(core, t.offer); }
    void operator()(const SessionIdle& t) const { on_session_idle(core, t.interaction); }
    void operator()(const RouterTimeout& t) const { on_router_timeout(core, t.interaction); }
    void operator()(const PassOverEnds& t) const { on_pass_over_ends(core, t.interaction); }
    void operator()(const PriorityDue& t) const { on_priority_due(core, t.interaction); }
    void operator()(const QueuedTooLong& t) const { on_queued_too_long(core, t.interaction); }
    void operator()(const SweepDue&) const { on_sweep_due(core); }
    void operator()(const TreatmentOver& t) const { on_treatment_over(core, t.interaction); }
    void operator()(const RestOver& t) const { on_rest_over(core, t.dn); }
    void operator()(const ReservationOver& t) const { on_reservation_over(core, t.agent); }
    void operator()(const Unreachable& t) const { on_unreachable(core, t.dn); }
    void operator()(const EndpointDue& t) const { on_endpoint_due(core, t.dn); }
};

struct CarryOut {
    Core& core;
    const EngineSettings& settings;

    void operator()(const messages::TextReceived& c) const { on_text_received(core, c); }
    void operator()(const messages::SessionOffered& c) const { on_session_offered(core, c); }
    void operator()(const messages::LegEnded& c) const { on_leg_ended(core, c); }
    void operator()(const messages::TextAnswered& c) const { on_text_answered(core, c); }
    void operator()(const messages::LegText& c) const { on_leg_text(core, c); }
    void operator()(const messages::LegAnswered& c) const { on_leg_answered(core, c); }
    void operator()(const messages::LegFailed& c) const { on_leg_failed(core, c); }
    void operator()(const messages::EndpointProbed& c) const { on_endpoint_probed(core, c); }
    void operator()(const messages::EndpointBound& c) const { on_endpoint_bound(core, c); }
    void operator()(const messages::ClientOpened& c) const { on_client_opened(core, c); }
    void operator()(const messages::ClientClosed& c) const { on_client_closed(core, c); }
    void operator()(const messages::ClientRequest& c) const { on_client_request(core, c); }
    void operator()(messages::QueryAnswered& c) const { on_query_answered(core, c); }
    void operator()(messages::HttpAnswered& c) const { on_http_answered(core, c); }
    void operator()(messages::ConfigChanged& c) const { on_config_changed(core, std::move(c.snapshot)); }
    void operator()(messages::ScriptsLoaded& c) const { on_scripts_loaded(core, c, settings.budgets); }
    void operator()(const messages::ScriptsRefused& c) const { on_scripts_refused(core, c); }
    void operator()(const messages::SessionsCutOff& c) const { on_sessions_cut_off(core, c); }
    void operator()(const messages::TimersDue&) const {}
    void operator()(const messages::Drain&) const { on_drain(core); }
    void operator()(const messages::Stop&) const { on_stop(core); }
};

}  // namespace

Engine::Engine(EngineSettings settings) : inner_(std::make_unique<Inner>(settings)) {}
Engine::~Engine() = default;

void Engine::handle(messages::Command&& command, TimePoint now, messages::Effects& out) {
    Core& core = inner_->core;
    core.out = &out;
    core.now = std::max(core.now, now);
    core.timers.begin_command(core.now);
    core.scripts->begin_command();
    while (auto due = core.timers.take_due(core.now)) {
        std::visit(FireTimer{core}, due->second);
        settle(core);
        core.scripts->begin_command();
    }
    ++core.counters.commands;
    std::visit(CarryOut{core, inner_->settings}, command);
    settle(core);
    arm_sweep(core);
    core.out = nullptr;
}

std::optional<TimePoint> Engine::next_deadline() const { return inner_->core.timers.next(); }

StatusRow Engine::status(TimePoint) const { return flows::status_row(inner_->core); }
std::vector<AgentRow> Engine::agents(TimePoint now) const { return flows::agent_rows(inner_->core, now); }
std::vector<InteractionRow> Engine::interactions(TimePoint now) const {
    return flows::interaction_rows(inner_->core, now);
}
std::vector<QueueRow> Engine::queues(TimePoint now) const { return flows::queue_rows(inner_->core, now); }
Result<statistics::Answer> Engine::statistic(std::string_view tenant, std::string_view object,
                                             std::string_view name, TimePoint now) const {
    return flows::ask_statistic(inner_->core, tenant, object, name, now);
}
std::vector<std::string> Engine::broken_invariants() const { return flows::broken_invariants(inner_->core); }
std::vector<std::string> Engine::residue() const { return flows::residue(inner_->core); }

}  // namespace trunkline
