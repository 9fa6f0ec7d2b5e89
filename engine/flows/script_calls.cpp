// What scripts change: the writing half of the port.
#include "engine/flows/offering.hpp"
#include "engine/flows/priorities.hpp"
#include "engine/flows/sessions.hpp"
#include "engine/flows/strategies.hpp"
#include "engine/flows/texts.hpp"
#include "engine/flows/trace.hpp"
#include "engine/flows/user_data.hpp"
#include "engine/flows/virtual_queues.hpp"

namespace trunkline::flows {
Result<void> Port::attach(CallUuid id, const KvList& pairs) {
    Interaction* ix = seen(id);
    if (ix == nullptr) return {};
    if (live(id) == nullptr) return keep_user_data(*ix, pairs);
    const Result<Merged> merged = merge_user_data(core_, *ix, pairs, Merge::update);
    if (!merged) return merged.error();
    if (*merged == Merged::changed) emit_data_changed(core_, *ix);
    return {};
}

void Port::detach(CallUuid id, std::string_view key) {
    Interaction* ix = seen(id);
    if (ix == nullptr) return;
    if (live(id) == nullptr)
        keep_user_data_without(*ix, key);
    else if (delete_user_data(core_, *ix, key))
        emit_data_changed(core_, *ix);
}

bool Port::send_text(CallUuid id, const std::string& text) {
    Interaction* ix = live(id);
    if (ix == nullptr) return false;
    core_.timers.cancel(ix->router_timer);
    send_system_text(core_, *ix, text);
    return true;
}

void Port::set_priority(CallUuid id, int priority) {
    if (Interaction* ix = live(id)) flows::set_priority(core_, *ix, priority);
}

void Port::raise_priority(CallUuid id, int by, Duration every, int limit) {
    if (Interaction* ix = live(id)) flows::raise_priority(core_, *ix, by, every, limit);
}

Result<void> Port::enter_queue(CallUuid id, std::string_view queue) {
    Interaction* ix = live(id);
    if (ix == nullptr) return {};
    const Result<void> entered = enter_virtual_queue(core_, *ix, queue);
    if (entered) core_.timers.cancel(ix->router_timer);  // it is cared for: router-timeout is over
    return entered;
}

Result<void> Port::leave_queue(CallUuid id, std::string_view queue) {
    Interaction* ix = live(id);
    return ix == nullptr ? Result<void>{} : leave_virtual_queue(core_, *ix, queue);
}

std::optional<std::int64_t> Port::position(CallUuid id) const { return core_.router.position(id); }

std::optional<Duration> Port::expected_wait(CallUuid id) const { return core_.router.expected_wait(id); }

std::optional<Duration> Port::expected_wait(CallUuid id, const routing::Target& target) const {
    const Interaction* ix = seen(id);
    return ix == nullptr ? std::nullopt : core_.router.expected_wait(ix->tenant, target);
}

void Port::disconnect(CallUuid id, const std::string& reason) {
    const Interaction* ix = live(id);
    if (ix == nullptr) return;
    keep_for_script(core_, *ix);  // it ends when the script waits or returns, and is shown no more changes
    core_.endings.emplace_back(id, reason);
}

void Port::treatment_started(CallUuid id, const std::string& name) {
    Interaction* ix = live(id);
    if (ix == nullptr) return;
    core_.timers.cancel(ix->router_timer);
    ix->treatments.push_back({name, core_.now});
}

void Port::treatment_ended(CallUuid id, const std::string& result, const std::string& detail_json) {
    if (Interaction* ix = live(id)) end_treatment(core_, *ix, result, detail_json);
}

void Port::trace(CallUuid id, scripting::TraceLevel level, const std::string& file, int line,
                 const std::string& step, const std::string& detail_json) {
    if (Interaction* ix = seen(id)) trace_step(core_, *ix, level, {file, line, step, detail_json});
}

void Port::log(CallUuid id, const std::string& level, const std::string& text) {
    using messages::LogLevel;
    const LogLevel at = level == "error"   ? LogLevel::error
                        : level == "warn"  ? LogLevel::warning
                        : level == "debug" ? LogLevel::debug
                                           : LogLevel::info;
    core_.log(at, "script: " + text, id);
}

}  // namespace trunkline::flows
