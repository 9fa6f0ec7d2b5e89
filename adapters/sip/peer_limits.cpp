#include "adapters/sip/peer_limits.hpp"

#include <algorithm>

namespace trunkline::sip {

bool PeerLimits::open(const std::string& peer, const PeerAllowance& allowance, Time now) {
    forget_idle(now);
    const double most = allowance.new_per_second;
    Account& account = peers_.try_emplace(peer, Account{0, most, now}).first->second;
    account.tokens =
        std::min(most, account.tokens + most * static_cast<double>((now - account.filled).count()) / 1000.0);
    account.filled = now;
    if (allowance.sessions > 0 && account.sessions >= allowance.sessions) return false;
    if (allowance.new_per_second > 0) {
        if (account.tokens < 1) return false;
        account.tokens -= 1;
    }
    ++account.sessions;
    return true;
}

void PeerLimits::close(const std::string& peer) {
    const auto found = peers_.find(peer);
    if (found != peers_.end() && found->second.sessions > 0) --found->second.sessions;
}

void PeerLimits::forget_idle(Time now) {
    constexpr Time full_again = std::chrono::seconds(1);
    if (now - swept_ < full_again) return;
    swept_ = now;
    std::erase_if(peers_, [&](const auto& entry) {
        return entry.second.sessions == 0 && now - entry.second.filled >= full_again;
    });
}

}  // namespace trunkline::sip
