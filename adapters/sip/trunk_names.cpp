#include "adapters/sip/trunk_names.hpp"

#include "adapters/sip/callbacks.hpp"
#include "adapters/sip/uri.hpp"

namespace trunkline::sip {
namespace {

constexpr su_duration_t again_after = 60'000;  // milliseconds

}  // namespace

void TrunkNames::set_trunks(std::vector<SipTrunk> trunks) {
    named_.clear();
    for (const SipTrunk& trunk : trunks) {
        const auto uri = parse_uri(trunk.contact);
        if (uri && uri->scheme != "tel" && !is_number(plain_host(uri->host))) named_.push_back(trunk);
    }
    peers_.set_trunks(std::move(trunks));
    ask();
}

void TrunkNames::ask() {
    if (named_.empty()) return timer_.reset();
    for (const SipTrunk& trunk : named_)
        ways_.find(trunk.contact, [this, name = trunk.name](const std::vector<Peer>& peers) {
            for (const Peer& peer : peers) peers_.know(name, peer.host);
        });
    if (timer_ == nullptr) timer_.reset(su_timer_create(su_root_task(root_), again_after));
    su_timer_set_interval(timer_.get(), callbacks::timer, static_cast<TimerListener*>(this), again_after);
}

}  // namespace trunkline::sip
