#include "engine/flows/cut_off.hpp"

#include "engine/flows/sessions.hpp"
#include "engine/flows/texts.hpp"

namespace trunkline::flows {

namespace {

void tell(Core& core, const messages::CutOffSession& session) {
    const model::SwitchEntry* sw = core.config ? core.config->switch_for_host(session.host) : nullptr;
    const model::DnEntry* dn = sw == nullptr ? nullptr : core.config->dn(sw->id, session.dnis);
    // The number is gone, or takes no customers any more: nobody is there to write to.
    if (dn == nullptr || dn->type != model::DnType::routing_point) return;
    std::string text(core.dn_option(dn->id, "im-restart-text"));
    if (text.empty())
        text = "We are sorry: we were interrupted. Please write again, and somebody will be with you.";
    Interaction gone;
    gone.id = session.interaction;
    gone.tenant = dn->tenant;
    gone.sw = sw->id;
    gone.dnis = session.dnis;
    gone.host = session.host;
    gone.customer = session.customer;
    gone.leg = session.leg;
    send_parting_text(core, gone, text);
}

}  // namespace

void on_sessions_cut_off(Core& core, const messages::SessionsCutOff& cut_off) {
    for (const auto& session : cut_off.sessions) {
        // Who was faster than this word has a session again.
        if (core.interactions.find_leg(session.leg.key) != nullptr) continue;
        core.interactions.remember(session.leg.key, session.interaction, core.now,
                                   core.now + closed_remembered);
        tell(core, session);
    }
}

}  // namespace trunkline::flows
