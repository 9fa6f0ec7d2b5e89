// MESSAGE requests inside dialogs, of customers and of parties of ours: each is checked, becomes a command
// and is answered when the engine says so. SIP thread.
#pragma once

#include <functional>
#include <unordered_map>

#include "adapters/sip/exchange.hpp"

namespace trunkline::sip {

class DialogTexts {
  public:
    explicit DialogTexts(Exchange& exchange) : exchange_(exchange) {}

    /// Makes the command of a text that was taken.
    using Command = std::function<messages::Command(SipTxnId, std::string text)>;
    /// What a LegListener returns: 0, or the status that Sofia shall answer with.
    int take(nta_incoming_t* request, const sip_t* sip, const Command& command);
    /// The engine's answer. False when the txn is none of these.
    [[nodiscard]] bool answer(const messages::AnswerText& answer);
    void close() { unanswered_.clear(); }

  private:
    Exchange& exchange_;
    std::unordered_map<SipTxnId, IncomingHandle> unanswered_;
};

}  // namespace trunkline::sip
