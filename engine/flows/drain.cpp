#include "engine/flows/drain.hpp"

#include "engine/flows/sessions.hpp"
#include "engine/flows/texts.hpp"

namespace trunkline::flows {

namespace {

void end_for_good(Core& core, CallUuid id) {
    auto* ix = core.interactions.find(id);
    if (ix == nullptr) return;  // went with another one
    send_failed_text(core, *ix,
                     "We are sorry: the service stops for a moment. Please write again in a few minutes.");
    end_interaction(core, id, End::failed);
}

}  // namespace

void on_drain(Core& core) {
    if (!core.draining) {
        core.draining = true;
        return;
    }
    std::vector<CallUuid> live;
    for (const auto& [id, ix] : core.interactions.all()) live.push_back(id);
    for (const auto id : live) end_for_good(core, id);
}

}  // namespace trunkline::flows
