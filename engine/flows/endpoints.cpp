#include "engine/flows/endpoints.hpp"

#include "engine/flows/agent_work.hpp"
#include "engine/flows/reach.hpp"
#include "engine/model/sip_contact.hpp"

namespace trunkline::flows {
namespace {

using agents::Endpoint;
using agents::EndpointState;

// As long as a DN's agent may be without an endpoint before he counts as unreachable.
constexpr seconds between_probes{30};

Endpoint* asked_endpoint(Core& core, DnId dn) {
    const auto found = core.endpoints.find(dn);
    return found == core.endpoints.end() || found->second.asked.empty() ? nullptr : &found->second;
}

void forget_probe(Core& core, Endpoint& endpoint) {
    core.timers.cancel(endpoint.next);
    endpoint.asked.clear();
    endpoint.state = EndpointState::unknown;
}

bool is_idle(const Endpoint& endpoint) { return endpoint.asked.empty() && endpoint.bound.empty(); }

// What follows from the endpoint's state for the agent who sits there.
void look_at_reach(Core& core, DnId dn) {
    const agents::Seat* seat = core.agents.seat(dn);
    if (seat == nullptr) return;
    if (!reachable(core, dn)) {
        watch_reach(core, dn);
    } else if (reached_again(core, dn)) {
        emit_agent_state(core, *seat);
        refresh_agent(core, seat->agent);  // what he returned to counts at his other DNs too
    }
    refresh_dn(core, dn);
}

void ask(Core& core, DnId dn, Endpoint& endpoint, const SipPlace& place) {
    core.effect(messages::ProbeEndpoint{dn, place.target, place.route});
    endpoint.next = core.timers.schedule(core.now + between_probes, EndpointDue{dn});
}

}  // namespace

std::optional<SipPlace> endpoint_of(const Core& core, DnId id) {
    const model::DnEntry* dn = core.config->dn(id);
    if (dn == nullptr || dn->signaling_chat != model::SignalingChat::sip) return std::nullopt;
    auto contact = model::parse_sip_contact(core.dn_option(id, "contact"));
    std::string route;
    if (const auto bound = core.endpoints.find(id); !contact && bound != core.endpoints.end()) {
        contact = model::parse_sip_contact(bound->second.bound);
        route = bound->second.route;
    }
    if (!contact) return std::nullopt;
    if (route.empty()) route = contact->text();
    const std::string user = contact->user.empty() ? dn->object->number : contact->user;
    // Its texts may come under its address of record: the user part and the peer tell who writes.
    return SipPlace{contact->at(user), std::move(route), true, dn->object->number};
}

bool reachable(const Core& core, DnId dn) {
    if (!endpoint_of(core, dn)) return core.devices.reachable(dn);
    const auto found = core.endpoints.find(dn);
    return found != core.endpoints.end() && found->second.state == EndpointState::answers;
}

bool may_answer(const Core& core, DnId dn) {
    const auto found = core.endpoints.find(dn);
    const bool silent = found != core.endpoints.end() && found->second.state == EndpointState::silent;
    return reachable(core, dn) || (!silent && endpoint_of(core, dn));
}

void watch_endpoint(Core& core, DnId dn) {
    const auto place = endpoint_of(core, dn);
    if (core.agents.seat(dn) == nullptr || !place) {
        forget_endpoint(core, dn);
    } else if (Endpoint& endpoint = core.endpoints[dn]; endpoint.asked != place->target) {
        core.timers.cancel(endpoint.next);
        endpoint.asked = place->target;
        endpoint.state = EndpointState::unknown;
        ask(core, dn, endpoint, *place);
    }
    look_at_reach(core, dn);
}

void forget_endpoint(Core& core, DnId dn) {
    const auto found = core.endpoints.find(dn);
    if (found == core.endpoints.end()) return;
    forget_probe(core, found->second);
    if (is_idle(found->second)) core.endpoints.erase(found);
}

void forget_endpoints_of_gone_dns(Core& core) {
    std::erase_if(core.endpoints, [&core](const auto& one) {
        return one.second.asked.empty() && core.config->dn(one.first) == nullptr;
    });
}

void on_endpoint_due(Core& core, DnId dn) {
    Endpoint* endpoint = asked_endpoint(core, dn);
    const auto place = endpoint_of(core, dn);
    if (endpoint == nullptr || !place) return;
    endpoint->next = {};
    ask(core, dn, *endpoint, *place);
}

void on_endpoint_probed(Core& core, const messages::EndpointProbed& probed) {
    Endpoint* endpoint = asked_endpoint(core, probed.dn);
    if (endpoint == nullptr || endpoint->asked != probed.target) return;  // it moved, or he has logged out
    const EndpointState now = probed.answers ? EndpointState::answers : EndpointState::silent;
    if (std::exchange(endpoint->state, now) == now) return;
    if (now == EndpointState::silent)
        core.log(messages::LogLevel::warning, "the SIP endpoint of DN " + core.number_of(probed.dn) +
                                                  " does not answer at " + probed.target);
    look_at_reach(core, probed.dn);
}

void on_endpoint_bound(Core& core, const messages::EndpointBound& bound) {
    const model::SwitchEntry* sw = core.config ? core.config->switch_named(bound.sw) : nullptr;
    const model::DnEntry* dn = sw == nullptr ? nullptr : core.config->dn(sw->id, bound.number);
    if (dn == nullptr) return;
    Endpoint& endpoint = core.endpoints[dn->id];
    // Another way, or it is back where it was silent: asked at once.
    const bool moved = std::exchange(endpoint.route, bound.route) != bound.route;
    if (moved || endpoint.state == EndpointState::silent) forget_probe(core, endpoint);
    endpoint.bound = bound.contact;
    watch_endpoint(core, dn->id);
    if (const auto found = core.endpoints.find(dn->id);
        found != core.endpoints.end() && is_idle(found->second))
        core.endpoints.erase(found);
}

}  // namespace trunkline::flows
