// Texts to customers, one lane a leg: within a lane one request is on its way and the next begins when it has
// ended, so that texts arrive in the order in which they were written (RFC 3428 8). Every text ends in one
// TextAnswered. Bounded a lane and in all. SIP thread.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>

#include "adapters/sip/exchange.hpp"

namespace trunkline::sip {

class TextLanes {
  public:
    /// How a text leaves, by its kind of leg.
    class Carrier {
      public:
        /// Null when the leg is gone or the request cannot be made.
        virtual OutgoingHandle begin(const messages::SendText& text, ResponseListener& listener) = 0;
        /// A text ended with this final status; `by_stack`: Sofia made it up because the peer was silent or
        /// unreachable.
        virtual void text_ended(const messages::LegAddress& leg, int status, bool by_stack) = 0;
        /// Nothing is left to send on the leg.
        virtual void lane_empty(const messages::LegAddress& leg) = 0;

      protected:
        ~Carrier() = default;
    };

    TextLanes(Exchange& exchange, Carrier& carrier);
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
    void ended(Lane& lane, int status, bool by_stack);

    Exchange& exchange_;
    Carrier& carrier_;
    std::unordered_map<std::string, std::unique_ptr<Lane>> lanes_;
    std::size_t waiting_ = 0;
};

}  // namespace trunkline::sip
