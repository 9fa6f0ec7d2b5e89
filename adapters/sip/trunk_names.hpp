// Trunks whose contact names its host: what comes from the addresses behind that name is the trunk's. Asked
// when the trunks change, and again each minute while there are such (an answer is kept as long as it is
// good). SIP thread.
#pragma once

#include "adapters/sip/peers.hpp"
#include "adapters/sip/ways.hpp"

namespace trunkline::sip {

class TrunkNames final : TimerListener {
  public:
    TrunkNames(su_root_t* root, Peers& peers, Ways& ways) : root_(root), peers_(peers), ways_(ways) {}

    void set_trunks(std::vector<SipTrunk> trunks);

  private:
    void on_timer() override { ask(); }
    void ask();

    su_root_t* root_;
    Peers& peers_;
    Ways& ways_;
    std::vector<SipTrunk> named_;
    TimerHandle timer_;
};

}  // namespace trunkline::sip
