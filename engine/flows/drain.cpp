#include "engine/flows/drain.hpp"

#include <algorithm>

#include "engine/flows/agent_work.hpp"
#include "engine/flows/sessions.hpp"
#include "engine/flows/texts.hpp"

namespace trunkline::flows {

namespace {

void end_for_good(Core& core, CallUuid id) {
    auto* ix = core.interactions.find(id);
    if (ix == nullptr) return;  // went with another one
    constexpr auto stops =
        "We are sorry: the service stops for a moment. Please write again in a few minutes.";
    const std::string_view restarts = core.dn_option(ix->routing_point, "im-restart-text");
    if (!ix->answered)
        send_failed_text(core, *ix, stops);
    else if (!ix->invite)
        send_system_text(core, *ix, std::string(restarts.empty() ? stops : restarts));
    end_interaction(core, id, ix->answered ? End::disconnected : End::failed);
}

// Who waits goes first and who has an agent last: an agent who comes free finds nobody to be offered.
int rank(const interactions::Interaction& ix) {
    if (ix.phase == interactions::Phase::established) return 2;
    return ix.phase == interactions::Phase::ringing ? 1 : 0;
}

void end_everything(Core& core) {
    std::vector<std::pair<int, CallUuid>> live;
    for (const auto& [id, ix] : core.interactions.all()) live.emplace_back(rank(*ix), id);
    std::stable_sort(live.begin(), live.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [order, id] : live) end_for_good(core, id);
}

}  // namespace

void on_drain(Core& core) {
    if (!core.draining) {
        core.draining = true;
        return;
    }
    end_everything(core);
}

void on_stop(Core& core) {
    core.draining = true;
    end_everything(core);
    std::vector<DnId> seats;
    for (const auto& [dn, seat] : core.agents.seats()) seats.push_back(dn);
    for (const DnId dn : seats) log_out(core, dn);
}

}  // namespace trunkline::flows
