// Session timers (RFC 4028) of one dialog whose INVITE came to us: what is agreed on, when we refresh, and
// when the dialog is over because nobody did. SIP thread; owned by its session, whose end ends the timer.
#pragma once

#include <chrono>
#include <string>

#include "adapters/sip/exchange.hpp"

namespace trunkline::sip {

/// What a 2xx says about the timer.
struct RefreshTerms {
    int refusal = 0;                   // 422: the asked interval is too short; 0 where it is agreed
    std::chrono::seconds interval{0};  // 0: no timer
    bool ours = false;                 // we refresh

    /// For the header Session-Expires; "" without a timer.
    [[nodiscard]] std::string session_expires() const;
    /// For the header Require: the peer refreshes, so it must know how (RFC 4028 9).
    [[nodiscard]] const char* require() const { return interval.count() > 0 && !ours ? "timer" : nullptr; }
};

/// The terms for an INVITE or UPDATE. A peer who asks for none but could is asked to refresh every 30
/// minutes, so that a dialog whose peer is gone does not stay for ever. `least`: the shortest interval.
[[nodiscard]] RefreshTerms agree_on_refresh(const sip_t* request, std::chrono::seconds least);

class SessionRefresh final : TimerListener, ResponseListener {
  public:
    class Keeper {
      public:
        /// Half of the interval is over and the refresh is ours: refresh() shall be called.
        virtual void refresh_due() = 0;
        /// The dialog is over: nobody refreshed it, or the peer does not know it any more. May destroy the
        /// SessionRefresh.
        virtual void refresh_failed() = 0;

      protected:
        ~Keeper() = default;
    };
    /// One refresh on the way to the peer.
    struct Message {
        nta_leg_t* dialog;
        const std::string& next_hop;
        const std::string& contact;
        const std::string& sdp;
    };

    SessionRefresh(Exchange& exchange, Keeper& keeper) : exchange_(exchange), keeper_(keeper) {}

    /// The INVITE told what the peer can do.
    void learn(const sip_t* invite);
    /// New terms hold from now on; without an interval the timer rests.
    void agreed(const RefreshTerms& terms);
    /// Sends a refresh: UPDATE where the peer allows it, else INVITE.
    void refresh(const Message& message);
    /// Whether an INVITE of ours is on its way: one of the peer's has to wait (RFC 3261 14.2).
    [[nodiscard]] bool inviting() const { return inviting_; }

  private:
    void on_timer() override;
    void on_response(int status, const sip_t* sip) override;
    void acknowledge(const sip_t* sip);
    void wait(std::chrono::milliseconds time);

    Exchange& exchange_;
    Keeper& keeper_;
    TimerHandle timer_;
    OutgoingHandle request_;
    RefreshTerms terms_;
    bool knows_update_ = false;
    bool refresh_next_ = false;  // what the timer means
    bool inviting_ = false;
    nta_leg_t* dialog_ = nullptr;
    std::string next_hop_;
};

}  // namespace trunkline::sip
