#include "adapters/sip/peers.hpp"

#include <chrono>

#include "adapters/sip/uri.hpp"

namespace trunkline::sip {
namespace {

// No address looks like this, so that no stranger has a trunk's name.
std::string name_of_trunk(const std::string& name) { return "trunk " + name; }

}  // namespace

void Peers::set_trunks(std::vector<SipTrunk> trunks) {
    trunk_at_.clear();
    trunk_allowance_.clear();
    for (const SipTrunk& trunk : trunks) {
        const std::string name = name_of_trunk(trunk.name);
        trunk_allowance_[name] = {trunk.sessions.value_or(everybody_.sessions),
                                  trunk.new_per_second.value_or(everybody_.new_per_second)};
        if (const auto uri = parse_uri(trunk.contact)) trunk_at_.emplace(plain_host(uri->host), name);
    }
}

void Peers::know(const std::string& trunk, const std::string& host) {
    const std::string name = name_of_trunk(trunk);
    if (trunk_allowance_.contains(name)) trunk_at_.emplace(host, name);
}

std::string Peers::name_of(const std::string& host) const {
    const auto trunk = trunk_at_.find(host);
    return trunk == trunk_at_.end() ? host : trunk->second;
}

bool Peers::open(const std::string& name) {
    const auto own = trunk_allowance_.find(name);
    return limits_.open(name, own == trunk_allowance_.end() ? everybody_ : own->second, steady_now());
}

}  // namespace trunkline::sip
