// Pager mode: texts outside a dialog, both ways. Incoming ones take the stateless path with our own table of
// duplicates; the 2xx leaves when the engine says so, never earlier. Holds no sessions: which texts belong
// together is the engine's to say. SIP thread.
#pragma once

#include <chrono>
#include <unordered_map>

#include "adapters/sip/duplicate_table.hpp"
#include "adapters/sip/exchange.hpp"
#include "adapters/sip/party_texts.hpp"

namespace trunkline::sip {

class PagerTexts {
  public:
    PagerTexts(Exchange& exchange, const PartyTexts& parties);

    /// A MESSAGE without To tag: posts TextReceived, or LegText where a party of ours replies, or answers it
    /// at once where nothing is to be shown or it must be refused.
    void take(MessageHandle request, const sip_t* sip);
    /// Whether this request, of a dialog that an earlier run had, brought a text that was taken.
    [[nodiscard]] bool taken_before(const sip_t* sip);
    /// The engine's answer. False when the txn is none of ours.
    [[nodiscard]] bool answer(const messages::AnswerText& answer);
    /// Begins the MESSAGE that carries `text` to the customer; null when Sofia refuses it.
    [[nodiscard]] OutgoingHandle begin(const messages::SendText& text, ResponseListener& listener);
    /// Gives back what is unanswered; such texts were not taken, their senders repeat them.
    void close() { unanswered_.clear(); }

  private:
    struct Unanswered {
        MessageHandle request;
        TransportHandle transport;
        TransactionKey key;
    };
    [[nodiscard]] static DuplicateTable::Time now();

    Exchange& exchange_;
    const PartyTexts& parties_;
    DuplicateTable duplicates_;
    std::unordered_map<SipTxnId, Unanswered> unanswered_;
};

}  // namespace trunkline::sip
