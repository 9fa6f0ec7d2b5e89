#include "adapters/sip/peer_proofs.hpp"

namespace trunkline::sip {

bool PeerProofs::begin(const std::string& peer) {
    if (proven(peer)) {
        ++in_flight_[peer];
        return true;
    }
    int& count = in_flight_[peer];
    if (count >= most_in_flight) return false;
    ++count;
    return true;
}

void PeerProofs::end(const std::string& peer) {
    const auto found = in_flight_.find(peer);
    if (found != in_flight_.end() && --found->second <= 0) in_flight_.erase(found);
}

void PeerProofs::prove(const std::string& peer) {
    if (!proven_.insert(peer).second) return;
    oldest_.push_back(peer);
    if (oldest_.size() <= capacity_) return;
    proven_.erase(oldest_.front());
    oldest_.pop_front();
}

}  // namespace trunkline::sip
