// What scripts read: the reading half of the port.
#include "engine/flows/ask_statistic.hpp"
#include "engine/flows/strategies.hpp"

namespace trunkline::flows {

using interactions::Phase;

Interaction* Port::live(CallUuid id) const {
    for (const auto& [ending, reason] : core_.endings)
        if (ending == id) return nullptr;
    return core_.interactions.find(id);
}

Interaction* Port::seen(CallUuid id) const {
    if (Interaction* ix = live(id)) return ix;
    const auto found = core_.ended.find(id);
    return found == core_.ended.end() ? nullptr : &found->second;
}

TimePoint Port::now() const { return core_.now; }
std::uint64_t Port::random() { return core_.ids.dice()(); }

std::optional<scripting::InteractionView> Port::view(CallUuid id) const {
    const Interaction* ix = seen(id);
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
    const Interaction* ix = seen(id);
    return ix == nullptr ? nullptr : ix->user_data;
}

Result<statistics::Figure> Port::statistic(CallUuid id, std::string_view object,
                                           std::string_view name) const {
    const Interaction* ix = seen(id);
    auto answer = ask_statistic(core_, ix == nullptr ? TenantId{} : ix->tenant, object, name, core_.now);
    if (!answer) return answer.error();
    return std::move(answer->value);
}

bool Port::target_exists(CallUuid id, const routing::Target& target) const {
    const Interaction* ix = seen(id);
    return ix != nullptr && routing::TargetMatch::exists(*core_.config, ix->tenant, target);
}

}  // namespace trunkline::flows
