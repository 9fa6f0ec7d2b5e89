#include "engine/flows/reach.hpp"

#include "engine/flows/after_work.hpp"
#include "engine/flows/agent_work.hpp"
#include "engine/flows/endpoints.hpp"

namespace trunkline::flows {

void watch_reach(Core& core, DnId dn) {
    agents::Seat* seat = core.agents.seat(dn);
    if (seat == nullptr || reachable(core, dn)) return;
    if (seat->before_unreachable || core.timers.running(seat->unreachable)) return;
    const double patience = core.dn_seconds(dn, "unreachable-timeout", 30);
    if (patience > 0)
        seat->unreachable = core.timers.schedule(core.now + from_seconds(patience), Unreachable{dn});
}

bool reached_again(Core& core, DnId dn) {
    agents::Seat* seat = core.agents.seat(dn);
    if (seat == nullptr || !reachable(core, dn)) return false;
    core.timers.cancel(seat->unreachable);
    if (!seat->before_unreachable) return false;
    const agents::Standing stood = *std::exchange(seat->before_unreachable, std::nullopt);
    stand_again(core, *seat, stood);
    return true;
}

void on_unreachable(Core& core, DnId dn) {
    agents::Seat* seat = core.agents.seat(dn);
    if (seat == nullptr) return;
    seat->unreachable = {};
    agents::Standing stood = standing_of(*seat);
    KvList reasons;
    reasons.add("ReasonCode", "unreachable");
    if (!move_agent(core, *seat, agents::AgentEvent::not_ready, 0,
                    std::make_shared<const KvList>(std::move(reasons))))
        return;
    seat->before_unreachable = std::move(stood);
    emit_agent_state(core, *seat);  // a client may hear the DN though its SIP endpoint is silent
    core.log(messages::LogLevel::info,
             "nothing hears DN " + core.number_of(dn) + ": its agent is not ready until it is heard again");
    refresh_agent(core, seat->agent);
}

}  // namespace trunkline::flows
