#include "engine/flows/strategies.hpp"

#include "engine/flows/awaited_events.hpp"
#include "engine/flows/busy_treatment.hpp"
#include "engine/flows/client_routing.hpp"
#include "engine/flows/direct_routing.hpp"
#include "engine/flows/leaving.hpp"
#include "engine/flows/lost_strategies.hpp"
#include "engine/flows/offering.hpp"
#include "engine/flows/outside.hpp"
#include "engine/flows/reserving.hpp"
#include "engine/flows/sessions.hpp"
#include "engine/flows/texts.hpp"
#include "engine/flows/trace.hpp"

namespace trunkline::flows {
namespace {

using interactions::Phase;
using interactions::ScriptWait;
using interactions::Strand;
using messages::LogLevel;

// A script that sleeps for nothing lets the others go on in between.
constexpr Duration shortest_sleep = milliseconds(1);

void run_ended(Core& core, CallUuid id);
void take_run(Core& core, CallUuid id, Strand strand, scripting::Run run);

// What a strand waits for begins here; its end is answer_script.
class BeginWait {
  public:
    BeginWait(Core& c, Interaction& i, Strand s) : core(c), ix(i), strand(s) {}

    void operator()(const scripting::WaitForText& wait) const {
        accept_leg(core, ix);
        begin(ScriptWait::text, wait.timeout);
        core.timers.cancel(ix.router_timer);
        const bool first = wait.first_too && !std::exchange(ix.first_collect_done, true);
        if (first)
            if (auto text = take_held_text(core, ix)) {
                answer_script(core, ix, scripting::TextArrived{std::move(*text)}, strand);
                return;
            }
    }
    void operator()(const scripting::WaitForRoute& wait) const {
        if (!refused_as_routed()) start_route(core, ix, wait.request);
    }
    void operator()(const scripting::WaitForRouteTo& wait) const {
        if (!refused_as_routed()) start_route_to(core, ix, wait.destination);
    }
    void operator()(const scripting::WaitForTime& wait) const {
        begin(ScriptWait::time, std::max(wait.duration, shortest_sleep));
    }
    void operator()(const scripting::WaitForEvent& wait) const {
        await_event(core, ix.id, strand, wait);
        begin(ScriptWait::event, wait.timeout);
    }
    void operator()(const scripting::WaitForClientRoute& wait) const {
        if (!refused_as_routed()) start_client_route(core, ix, wait.timeout);
    }
    void operator()(scripting::WaitForQuery& wait) const {
        ask_database(core, ix, strand, std::move(wait.query));
    }
    void operator()(scripting::WaitForHttp& wait) const {
        ask_web(core, ix, strand, std::move(wait.request));
    }

  private:
    Core& core;
    Interaction& ix;
    Strand strand;

    void begin(ScriptWait kind, Duration timeout = {}) const {
        ix.wait_of(strand) = kind;
        if (timeout.count() > 0)
            ix.timer_of(strand) = core.timers.schedule(core.now + timeout, WaitOver{ix.id, strand});
    }
    // An interaction that an agent has is not routed again by its strategy: that is a transfer, and the
    // agent's to ask for.
    [[nodiscard]] bool refused_as_routed() const {
        if (ix.phase != Phase::established) return false;
        core.log(LogLevel::warning,
                 "the strategy routes an interaction that an agent already has: refused with no_target",
                 ix.id);
        begin(ScriptWait::route);
        answer_script(core, ix, scripting::NotRouted{routing::RouteFailure::no_target});
        return true;
    }
};

void trace_failure(Core& core, Interaction& ix, const scripting::ScriptError& error) {
    KvList message;
    message.add("message", error.message);
    std::string detail;
    append_json(detail, message);
    trace_step(core, ix, scripting::TraceLevel::decision, {error.file, error.line, "error", detail});
}

void script_failed(Core& core, CallUuid id, const scripting::ScriptError& error) {
    Interaction* ix = tell_failure(core, id, "script error", error);
    if (ix == nullptr) {
        core.scripts->close(id);
        return;
    }
    while (!ix->treatments.empty()) end_treatment(core, *ix, "error", "");
    run_default(core, id, error);
}

// A strategy that ends without having routed or disconnected: default routing.
void run_ended(Core& core, CallUuid id) {
    Interaction* ix = core.interactions.find(id);
    if (ix == nullptr || ix->phase != Phase::routing_point || ix->answered || ix->offer) return;
    for (const auto& [ending, reason] : core.endings)
        if (ending == id) return;
    default_route(core, *ix);
}

void take_run(Core& core, CallUuid id, Strand strand, scripting::Run run) {
    const bool whole = strand == Strand::strategy;
    if (run.outcome == scripting::Outcome::finished) {
        if (whole) run_ended(core, id);
        return;
    }
    if (run.outcome == scripting::Outcome::failed) {
        if (whole)
            script_failed(core, id, *run.error);
        else  // the wait for an agent goes on without it
            tell_failure(core, id, "script error in on_wait", *run.error);
        return;
    }
    Interaction* ix = core.interactions.find(id);
    bool ending = ix == nullptr;
    for (const auto& [other, reason] : core.endings) ending = ending || other == id;
    if (ending) {
        core.answers.emplace_back(PendingAnswer{id, scripting::Abandoned{}, strand});
        return;
    }
    std::visit(BeginWait{core, *ix, strand}, *run.wait);
}

// A turn of a script, once the command at hand is carried out.
struct TakeTurn {
    Core& core;

    void operator()(const PendingAnswer& next) const {
        const CallUuid id = next.interaction;
        if (!core.scripts->running(id, next.strand)) return;
        if (next.strand == Strand::strategy) cut_on_wait_short(core, id);
        take_run(core, id, next.strand, core.scripts->resume(id, next.answer, next.strand));
    }
    void operator()(const FreeOfReservation& free) const { free_of_reservation(core, free.dn); }
    void operator()(const LookAtOnWait& look) const {
        Interaction* ix = core.interactions.find(look.interaction);
        if (ix == nullptr) return;
        if (ix->phase != Phase::waiting || ix->wait != ScriptWait::route) {
            cut_on_wait_short(core, ix->id);
            return;
        }
        if (std::exchange(ix->on_wait_begun, true) || core.scripts->running(ix->id, Strand::on_wait)) return;
        take_run(core, ix->id, Strand::on_wait, core.scripts->start_on_wait(ix->id));
    }
};

}  // namespace

Interaction* tell_failure(Core& core, CallUuid id, const std::string& what,
                          const scripting::ScriptError& error) {
    ++core.counters.script_errors;
    Interaction* ix = core.interactions.find(id);
    if (ix == nullptr) {
        core.log(LogLevel::warning, what + " after the end of its interaction: " + error.message, id);
        if (const auto ended = core.ended.find(id); ended != core.ended.end())
            trace_failure(core, ended->second, error);
        return nullptr;
    }
    KvList attributes;
    attributes.add("file", error.file);
    attributes.add("line", std::int64_t{error.line});
    attributes.add("interaction", to_uuid_text(id));
    core.log_event(40100, LogLevel::error, what + ": " + error.message, ix->tenant, attributes);
    trace_failure(core, *ix, error);
    return ix;
}

void run_default(Core& core, CallUuid id, const scripting::ScriptError& error) {
    Interaction& ix = *core.interactions.find(id);
    if (std::exchange(ix.in_default, true))
        run_ended(core, id);
    else
        take_run(core, id, Strand::strategy, core.scripts->start_default(id, ix.strategy, error));
}

void start_strategy(Core& core, Interaction& ix) {
    if (ix.strategy.empty()) {
        wait_for_clients(core, ix);
        return;
    }
    if (!core.scripts->has_strategy(ix.strategy)) {
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
    take_run(core, id, Strand::strategy, core.scripts->start(id, ix.strategy));
}

void answer_script(Core& core, Interaction& ix, scripting::Answer answer, Strand strand) {
    if (ix.wait_of(strand) == ScriptWait::none) return;
    if (std::exchange(ix.wait_of(strand), ScriptWait::none) == ScriptWait::event) forget_awaited(core, ix.id);
    core.timers.cancel(ix.timer_of(strand));
    forget_outside(core, ix, strand);
    core.answers.emplace_back(PendingAnswer{ix.id, std::move(answer), strand});
}

void end_strategy(Core& core, Interaction& ix) {
    if (std::exchange(ix.wait, ScriptWait::none) == ScriptWait::none) return;
    cut_on_wait_short(core, ix.id);
    forget_awaited(core, ix.id);
    core.timers.cancel(ix.wait_timer);
    forget_outside(core, ix, Strand::strategy);
    core.scripts->close(ix.id);
    while (!ix.treatments.empty()) end_treatment(core, ix, "abandoned", "");
}

void settle(Core& core) {
    do {
        end_largest_strategies(core);
        while (!core.answers.empty() || !core.endings.empty()) {
            if (!core.endings.empty()) {
                const auto [id, reason] = std::move(core.endings.front());
                core.endings.pop_front();
                end_interaction(core, id, End::disconnected);
                continue;
            }
            const Turn next = std::move(core.answers.front());
            core.answers.pop_front();
            std::visit(TakeTurn{core}, next);
            end_largest_strategies(core);
        }
    } while (let_go(core));
    core.ended.clear();
}

void on_wait_over(Core& core, CallUuid id, Strand strand) {
    Interaction* ix = core.interactions.find(id);
    if (ix == nullptr) return;
    ix->timer_of(strand) = {};
    switch (ix->wait_of(strand)) {
        case ScriptWait::route:
            on_route_timeout(core, *ix);
            return;
        case ScriptWait::client_route:
            on_client_route_timeout(core, *ix);
            return;
        case ScriptWait::time:
            answer_script(core, *ix, scripting::Elapsed{}, strand);
            return;
        default:
            answer_script(core, *ix, scripting::TimedOut{}, strand);
    }
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

}  // namespace trunkline::flows
