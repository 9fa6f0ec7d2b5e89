#include "engine/flows/outside.hpp"

#include "engine/flows/strategies.hpp"

namespace trunkline::flows {
namespace {

using interactions::ScriptWait;

OutsideId begin(Core& core, Interaction& ix, scripting::Strand strand, Duration timeout) {
    const OutsideId id(++core.last_outside);
    core.outside.emplace(id, ScriptOf{ix.id, strand});
    ix.outside_of(strand) = id;
    ix.wait_of(strand) = ScriptWait::outside;
    ix.timer_of(strand) = core.timers.schedule(core.now + timeout, WaitOver{ix.id, strand});
    return id;
}

void answered(Core& core, OutsideId id, scripting::Answer answer) {
    const auto found = core.outside.find(id);
    if (found == core.outside.end()) return;
    const ScriptOf owner = found->second;
    if (Interaction* ix = core.interactions.find(owner.interaction))
        answer_script(core, *ix, std::move(answer), owner.strand);
}

}  // namespace

void ask_database(Core& core, Interaction& ix, scripting::Strand strand, messages::Query query) {
    const OutsideId id = begin(core, ix, strand, query.timeout);
    core.effect(messages::RunQuery{id, ix.id, std::move(query)});
}

void ask_web(Core& core, Interaction& ix, scripting::Strand strand, messages::HttpRequest request) {
    const OutsideId id = begin(core, ix, strand, request.timeout);
    core.effect(messages::SendHttp{id, ix.id, std::move(request)});
}

void forget_outside(Core& core, Interaction& ix, scripting::Strand strand) {
    core.outside.erase(std::exchange(ix.outside_of(strand), OutsideId{}));
}

void on_query_answered(Core& core, messages::QueryAnswered& command) {
    answered(core, command.id, scripting::QueryCame{std::move(command.result)});
}

void on_http_answered(Core& core, messages::HttpAnswered& command) {
    answered(core, command.id, scripting::HttpCame{std::move(command.result)});
}

}  // namespace trunkline::flows
