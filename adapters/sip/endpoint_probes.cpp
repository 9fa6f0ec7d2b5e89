#include "adapters/sip/endpoint_probes.hpp"

#include <deque>

#include "adapters/sip/address.hpp"
#include "adapters/sip/callbacks.hpp"

namespace trunkline::sip {

struct EndpointProbes::Probe final : ResponseListener {
    Probe(EndpointProbes& probes, std::uint64_t which, const messages::ProbeEndpoint& endpoint)
        : owner(probes), number(which), asked{endpoint.dn, endpoint.target, false} {}
    void on_response(int status, const sip_t* sip) override {
        // Whatever it answers, it is there; Sofia's own 408 and 503 say that it is not.
        if (status < 200) return;
        if (nta_sip_is_internal(sip) != 0) return owner.ask(number);
        owner.ended(number, true);
    }
    EndpointProbes& owner;
    const std::uint64_t number;
    messages::EndpointProbed asked;
    std::deque<Peer> peers;  // that have not been asked
    OutgoingHandle request;
};

EndpointProbes::EndpointProbes(Exchange& exchange, const NtaAgent& agent, Ways& ways)
    : exchange_(exchange), agent_(agent), ways_(ways) {}

EndpointProbes::~EndpointProbes() = default;

void EndpointProbes::close() { probes_.clear(); }

void EndpointProbes::probe(const messages::ProbeEndpoint& endpoint) {
    const std::uint64_t number = ++last_;
    probes_.emplace(number, std::make_unique<Probe>(*this, number, endpoint));
    ways_.find(endpoint.route, [this, number](const std::vector<Peer>& peers) {
        const auto probe = probes_.find(number);
        if (probe == probes_.end()) return;
        probe->second->peers.assign(peers.begin(), peers.end());
        ask(number);
    });
}

void EndpointProbes::ask(std::uint64_t number) {
    Probe& probe = *probes_.at(number);
    while (!probe.peers.empty()) {
        const Peer peer = std::move(probe.peers.front());
        probe.peers.pop_front();
        if (send(probe, peer)) return;
    }
    ended(number, false);
}

bool EndpointProbes::send(Probe& probe, const Peer& peer) {
    const LocalAddress local = agent_.local_towards(peer);
    const std::string from = "<sip:" + uri_host(local.host) + ":" + std::to_string(local.port) + ">";
    const std::string to = "<" + probe.asked.target + ">", route = peer.url();
    const char* const door = kept_door(exchange_.agent(), route);
    // A leg of one request: it gives From tag, Call-ID and CSeq and is gone before the answer comes.
    const LegHandle leg(nta_leg_tcreate(exchange_.agent(), nullptr, nullptr, SIPTAG_FROM_STR(from.c_str()),
                                        SIPTAG_TO_STR(to.c_str()), TAG_END()));
    if (leg == nullptr || nta_leg_tag(leg.get(), nullptr) == nullptr) return false;
    probe.request.reset(nta_outgoing_tcreate(
        leg.get(), callbacks::response, static_cast<ResponseListener*>(&probe), as_url(route),
        SIP_METHOD_OPTIONS, as_url(probe.asked.target), TAG_IF(door != nullptr, TPTAG_IDENT(door)),
        SIPTAG_USER_AGENT_STR(exchange_.settings().user_agent.c_str()), TAG_END()));
    return probe.request != nullptr;
}

void EndpointProbes::ended(std::uint64_t number, bool answers) {
    const auto probe = probes_.extract(number);
    if (probe.empty()) return;
    messages::EndpointProbed probed = std::move(probe.mapped()->asked);
    probed.answers = answers;
    exchange_.post(std::move(probed));
}

}  // namespace trunkline::sip
