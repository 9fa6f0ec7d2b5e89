// Peers who have never answered a request of ours: their address may be forged, so that what we send hits
// somebody who never wrote. To such a peer only so many texts are on their way at a time; one 2xx shows that
// the address is his. One thread. Bounded: so many proven peers are remembered, the oldest go first.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace trunkline::sip {

class PeerProofs {
  public:
    static constexpr int most_in_flight = 3;

    explicit PeerProofs(std::size_t capacity = 100'000) : capacity_(capacity) {}

    /// Counts a text to this peer; false, and nothing is counted, when as many are on their way as may be.
    [[nodiscard]] bool begin(const std::string& peer);
    /// A text that begin() counted has ended.
    void end(const std::string& peer);
    /// The peer answered a request of ours with a 2xx.
    void prove(const std::string& peer);
    [[nodiscard]] bool proven(const std::string& peer) const { return proven_.contains(peer); }

  private:
    std::size_t capacity_;
    std::unordered_map<std::string, int> in_flight_;
    std::unordered_set<std::string> proven_;
    std::deque<std::string> oldest_;
};

}  // namespace trunkline::sip
