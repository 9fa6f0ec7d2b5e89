// Texts to customers, one lane a leg: within a lane one request is on its way and the next begins when it has
// ended, so that texts arrive in the order in which they were written (RFC 3428 8). Every text ends in one
// TextAnswered. Bounded a lane and in all; to a peer who never answered a few at a time. SIP thread.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>

#include "adapters/sip/exchange.hpp"
#include "adapters/sip/peer_proofs.hpp"

namespace trunkline::sip {

class TextLanes {
  public:
    /// How a text leaves, by its kind of leg.
    class Carrier {
      public:
        /// Null when the leg is gone or the request cannot be made.
        virtual OutgoingHandle begin(const messages::SendText& text, ResponseListener& listener) = 0;
        /// A text failed by the way it went; `by_stack` as below. True: begin() sends it another way.
        virtual bool goes_another_way(const messages::LegAddress& leg, int status, bool by_stack) = 0;
        /// A text ended with this final status; `by_stack`: Sofia made it up because the peer was silent or
        /// unreachable.
        virtual void text_ended(const messages::LegAddress& leg, int status, bool by_stack) = 0;
        /// The address that the leg's texts go to, where a message brought it and it may be forged; "" where
        /// the configuration names it, and for a leg that is gone.
        virtual std::string stranger_at(const messages::LegAddress& leg) = 0;
        /// Nothing is left to send on the leg.
        virtual void lane_empty(const messages::LegAddress& leg) = 0;

      protected:
        ~Carrier() = default;
    };

    TextLanes(Exchange& exchange, PeerProofs& proofs, Carrier& carrier);
    ~TextLanes();

    void send(messages::SendText text);
    /// Whether nothing waits or is on its way for this leg.
    [[nodiscard]] bool empty(const std::string& leg_key) const {
        return lanes_.find(leg_key) == lanes_.end();
    }
    /// Tries again what waits on a leg that could not carry texts before.
    void resume(const std::string& leg_key);
    /// A leg that is not ready yet keeps its texts waiting until resume().
    void hold(const messages::LegAddress& leg);

  private:
    struct Lane;
    Lane& lane_of(const messages::LegAddress& leg);
    void advance(Lane& lane);
    /// Whether the next text of the lane may go now; else the lane waits for its peer.
    [[nodiscard]] bool admitted(Lane& lane);
    /// Sends the lane's text; false when it cannot be sent any way.
    bool begin(Lane& lane);
    void ended(Lane& lane, int status, bool by_stack);
    /// A text to this peer has ended: those that wait for him have their turn. `silent`: he does not answer,
    /// so they end too.
    void after(const std::string& peer, bool silent);
    void give_up(Lane& lane);

    Exchange& exchange_;
    PeerProofs& proofs_;
    Carrier& carrier_;
    std::unordered_map<std::string, std::deque<std::string>>
        crowds_;  // by peer: keys of lanes that wait for him
    std::unordered_map<std::string, std::unique_ptr<Lane>> lanes_;
    std::size_t waiting_ = 0;
};

}  // namespace trunkline::sip
