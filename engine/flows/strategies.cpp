#include "engine/flows/strategies.hpp"

#include "engine/flows/agent_work.hpp"
#include "engine/flows/awaited_events.hpp"
#include "engine/flows/client_routing.hpp"
#include "engine/flows/direct_routing.hpp"
#include "engine/flows/offering.hpp"
#include "engine/flows/outside.hpp"
#include "engine/flows/sessions.hpp"
#include "engine/flows/texts.hpp"

namespace trunkline::flows {
namespace {

using interactions::Phase;
using interactions::ScriptWait;
using messages::LogLevel;

void run_ended(Core& core, CallUuid id);
void take_run(Core& core, CallUuid id, scripting::Run run);

// What a script waits for begins here; its end is answer_script.
class BeginWait {
  public:
    BeginWait(Core& c, Interaction& i) : core(c), ix(i) {}

    void operator()(const scripting::WaitForText& wait) const {
        accept_leg(core, ix);
        ix.wait = ScriptWait::text;
        core.timers.cancel(ix.router_timer);
        const bool first = wait.first_too && !std::exchange(ix.first_collect_done, true);
        if (first)
            if (auto text = take_held_text(core, ix)) {
                answer_script(core, ix, scripting::TextArrived{std::move(*text)});
                return;
            }
        if (wait.timeout.count() > 0)
            ix.wait_timer = core.timers.schedule(core.now + wait.timeout, WaitOver{ix.id});
    }
    void operator()(const scripting::WaitForRoute& wait) const {
        if (!refused_as_routed()) start_route(core, ix, wait.request);
    }
    void operator()(const scripting::WaitForRouteTo& wait) const {
        if (!refused_as_routed()) start_route_to(core, ix, wait.destination);
    }
    void operator()(const scripting::WaitForTime& wait) const {
        ix.wait = ScriptWait::time;
        ix.wait_timer = core.timers.schedule(core.now + wait.duration, WaitOver{ix.id});
    }
    void operator()(const scripting::WaitForEvent& wait) const { await_event(core, ix, wait); }
    void operator()(const scripting::WaitForClientRoute& wait) const {
        if (!refused_as_routed()) start_client_route(core, ix, wait.timeout);
    }
    void operator()(scripting::WaitForQuery& wait) const { ask_database(core, ix, std::move(wait.query)); }
    void operator()(scripting::WaitForHttp& wait) const { ask_web(core, ix, std::move(wait.request)); }

  private:
    Core& core;
    Interaction& ix;

    // An interaction that an agent has is not routed again by its strategy: that is a transfer, and the
    // agent's to ask for.
    [[nodiscard]] bool refused_as_routed() const {
        if (ix.phase != Phase::established) return false;
        core.log(LogLevel::warning,
                 "the strategy routes an interaction that an agent already has: refused with no_target",
                 ix.id);
        ix.wait = ScriptWait::route;
        answer_script(core, ix, scripting::NotRouted{routing::RouteFailure::no_target});
        return true;
    }
};

void trace_failure(Core& core, const Interaction& ix, const scripting::ScriptError& error) {
    records::TraceStep row;
    row.seq = core.ids.next_seq();
    row.interaction_id = ix.id;
    row.tenant = core.tenant_name(ix.tenant);
    row.at = core.now;
    row.generation = ix.generation.value();
    row.file = error.file;
    if (error.line > 0) row.line = error.line;
    row.step = "error";
    KvList detail;
    detail.add("message", error.message);
    append_json(row.detail.is, detail);
    core.record(std::move(row));
}

void script_failed(Core& core, CallUuid id, const scripting::ScriptError& error) {
    ++core.counters.script_errors;
    Interaction* ix = core.interactions.find(id);
    if (ix == nullptr) {
        core.log(LogLevel::warning, "script error after the end of its interaction: " + error.message, id);
        return;
    }
    KvList attributes;
    attributes.add("file", error.file);
    attributes.add("line", std::int64_t{error.line});
    attributes.add("interaction", to_uuid_text(id));
    core.log_event(40100, LogLevel::error, "script error: " + error.message, ix->tenant, attributes);
    trace_failure(core, *ix, error);
    while (!ix->treatments.empty()) end_treatment(core, *ix, "error", "");
    if (!ix->in_default) {
        ix->in_default = true;
        take_run(core, id, core.scripts->start_default(id, ix->strategy, error));
        return;
    }
    run_ended(core, id);
}

// A strategy that ends without having routed or disconnected: default routing.
void run_ended(Core& core, CallUuid id) {
    Interaction* ix = core.interactions.find(id);
    if (ix == nullptr || ix->phase != Phase::routing_point || ix->answered || ix->offer) return;
    for (const auto& [ending, reason] : core.endings)
        if (ending == id) return;
    default_route(core, *ix);
}

void take_run(Core& core, CallUuid id, scripting::Run run) {
    switch (run.outcome) {
        case scripting::Outcome::finished:
            run_ended(core, id);
            return;
        case scripting::Outcome::failed:
            script_failed(core, id, *run.error);
            return;
        case scripting::Outcome::waiting:
            break;
    }
    Interaction* ix = core.interactions.find(id);
    bool ending = ix == nullptr;
    for (const auto& [other, reason] : core.endings) ending = ending || other == id;
    if (ending) {
        core.answers.push_back({id, scripting::Abandoned{}});
        return;
    }
    std::visit(BeginWait{core, *ix}, *run.wait);
}

}  // namespace

void start_strategy(Core& core, Interaction& ix) {
    if (ix.strategy.empty()) {
        wait_for_clients(core, ix);
        return;
    }
    if (!core.scripts->has_strategy(ix.strategy)) {
        core.degraded.insert("routing point " + ix.dnis + " names the strategy '" + ix.strategy +
                             "', which is not loaded");
        core.log_event(40101, LogLevel::error,
                       "routing point " + ix.dnis + ": strategy '" + ix.strategy +
                           "' is not loaded; default routing. Add strategies/" + ix.strategy +
                           ".lua or change the routing point",
                       ix.tenant, {});
        default_route(core, ix);
        return;
    }
    // It has router-timeout for its first treatment, route or queue.
    if (const double patience = core.dn_seconds(ix.routing_point, "router-timeout", 10); patience > 0)
        ix.router_timer = core.timers.schedule(core.now + from_seconds(patience), RouterTimeout{ix.id});
    const CallUuid id = ix.id;
    take_run(core, id, core.scripts->start(id, ix.strategy));
}

void answer_script(Core& core, Interaction& ix, scripting::Answer answer) {
    if (ix.wait == ScriptWait::none) return;
    if (std::exchange(ix.wait, ScriptWait::none) == ScriptWait::event) forget_awaited(core, ix.id);
    core.timers.cancel(ix.wait_timer);
    forget_outside(core, ix);
    core.answers.push_back({ix.id, std::move(answer)});
}

void end_strategy(Core& core, Interaction& ix) {
    if (std::exchange(ix.wait, ScriptWait::none) == ScriptWait::none) return;
    forget_awaited(core, ix.id);
    core.timers.cancel(ix.wait_timer);
    forget_outside(core, ix);
    core.scripts->close(ix.id);
    while (!ix.treatments.empty()) end_treatment(core, ix, "abandoned", "");
}

void settle(Core& core) {
    while (!core.answers.empty() || !core.endings.empty()) {
        if (!core.endings.empty()) {
            const auto [id, reason] = std::move(core.endings.front());
            core.endings.pop_front();
            end_interaction(core, id, End::disconnected);
            continue;
        }
        const PendingAnswer next = std::move(core.answers.front());
        core.answers.pop_front();
        if (!core.scripts->running(next.interaction)) continue;
        take_run(core, next.interaction, core.scripts->resume(next.interaction, next.answer));
    }
}

void on_wait_over(Core& core, CallUuid id) {
    Interaction* ix = core.interactions.find(id);
    if (ix == nullptr) return;
    ix->wait_timer = {};
    if (ix->wait == ScriptWait::route)
        on_route_timeout(core, *ix);
    else if (ix->wait == ScriptWait::client_route)
        on_client_route_timeout(core, *ix);
    else if (ix->wait == ScriptWait::time)
        answer_script(core, *ix, scripting::Elapsed{});
    else
        answer_script(core, *ix, scripting::TimedOut{});
}

void end_treatment(Core& core, Interaction& ix, const std::string& result, const std::string& detail_json) {
    if (ix.treatments.empty()) return;
    const interactions::RunningTreatment ended = std::move(ix.treatments.back());
    ix.treatments.pop_back();
    records::Treatment row;
    row.seq = core.ids.next_seq();
    row.interaction_id = ix.id;
    row.tenant = core.tenant_name(ix.tenant);
    row.name = ended.name;
    row.started_at = ended.started_at;
    row.ended_at = core.now;
    row.result = result;
    row.detail.is = detail_json;
    core.record(std::move(row));
}

void on_scripts_loaded(Core& core, messages::ScriptsLoaded& loaded, const scripting::Budgets& budgets) {
    if (!loaded.built) {
        scripting::BuildResult result = scripting::build(*loaded.sources, budgets);
        if (!result.generation) {
            messages::ScriptsRefused refused{loaded.sources->hash, {}};
            for (const auto& error : result.errors) refused.errors.push_back(error.message);
            on_scripts_refused(core, refused);
            return;
        }
        loaded.built = std::move(result.generation);
    }
    core.generation = Generation(core.generation.value() + 1);
    core.scripts->adopt(core.generation, std::move(loaded.built));
    core.capacity.forget();
    std::erase_if(core.degraded, [](const std::string& why) { return why.ends_with("which is not loaded"); });
    records::ScriptGeneration row;
    row.seq = core.ids.next_seq();
    row.generation = core.generation.value();
    row.loaded_at = core.now;
    row.hash = loaded.sources->hash;
    row.outcome = "loaded";
    core.record(std::move(row));
    for (const scripting::ScriptFile& file : loaded.sources->files) {
        records::ScriptSource source;
        source.seq = core.ids.next_seq();
        source.hash = file.hash;
        source.path = file.path;
        source.text.is = file.text;
        core.record(std::move(source));
    }
    core.log(LogLevel::info,
             "scripts: generation " + std::to_string(core.generation.value()) + " is in force");
    if (core.config) refresh_everybody(core);
}

void on_scripts_refused(Core& core, const messages::ScriptsRefused& refused) {
    records::ScriptGeneration row;
    row.seq = core.ids.next_seq();
    row.loaded_at = core.now;
    row.hash = refused.hash;
    row.outcome = "refused";
    for (const std::string& error : refused.errors) row.errors += (row.errors.empty() ? "" : "\n") + error;
    core.record(std::move(row));
    for (const std::string& error : refused.errors)
        core.log(LogLevel::error, "scripts refused, generation " + std::to_string(core.generation.value()) +
                                      " stays in force: " + error);
}

Interaction* Port::live(CallUuid id) const {
    for (const auto& [ending, reason] : core_.endings)
        if (ending == id) return nullptr;
    return core_.interactions.find(id);
}

TimePoint Port::now() const { return core_.now; }
std::uint64_t Port::random() { return core_.ids.dice()(); }

std::optional<scripting::InteractionView> Port::view(CallUuid id) const {
    const Interaction* ix = live(id);
    if (ix == nullptr) return std::nullopt;
    scripting::InteractionView view;
    view.id = ix->id;
    view.conn_id = ix->conn_id;
    view.media = agents::to_text(ix->media);
    view.media_type = ix->media == agents::Media::chat ? messages::media_chat : messages::media_voice;
    view.ani = ix->ani;
    view.dnis = ix->dnis;
    view.customer = ix->customer;
    view.routing_point = core_.number_of(ix->routing_point);
    view.tenant = core_.tenant_name(ix->tenant);
    view.call_type = ix->call_type == messages::CallType::internal ? "internal" : "inbound";
    view.strategy = ix->strategy;
    view.state = interactions::to_text(ix->phase);
    view.created = ix->created;
    view.priority = ix->priority;
    if (const Party* party = ix->agent_party(); party != nullptr && ix->phase == Phase::established)
        view.agent = core_.user_name(party->agent);
    return view;
}

SharedKv Port::user_data(CallUuid id) const {
    const Interaction* ix = live(id);
    return ix == nullptr ? nullptr : ix->user_data;
}

bool Port::target_exists(CallUuid id, const routing::Target& target) const {
    const Interaction* ix = live(id);
    return ix != nullptr && routing::TargetMatch::exists(*core_.config, ix->tenant, target);
}

}  // namespace trunkline::flows
