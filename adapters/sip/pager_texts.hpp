// Pager mode: texts outside a dialog, both ways. Incoming ones take the stateless path with our own table of
// duplicates; the 2xx leaves when the engine says so, never earlier. Which texts belong together is the
// engine's to say: sessions are only counted here, for the limits of their peers. SIP thread.
#pragma once

#include <chrono>
#include <unordered_map>

#include "adapters/sip/duplicate_table.hpp"
#include "adapters/sip/exchange.hpp"
#include "adapters/sip/party_texts.hpp"
#include "adapters/sip/peers.hpp"
#include "adapters/sip/registrar.hpp"

namespace trunkline::sip {

class PagerTexts {
  public:
    PagerTexts(Exchange& exchange, Peers& peers, const PartyTexts& parties, const Registrar& registrar);

    /// A MESSAGE without To tag: posts TextReceived, or LegText where a party of ours replies, or answers it
    /// at once where nothing is to be shown or it must be refused.
    void take(MessageHandle request, const sip_t* sip);
    /// Whether this request, of a dialog that an earlier run had, brought a text that was taken.
    [[nodiscard]] bool taken_before(const sip_t* sip);
    /// The engine's answer. False when the txn is none of ours.
    [[nodiscard]] bool answer(const messages::AnswerText& answer);
    /// Begins the MESSAGE that carries `text` to the customer; null when Sofia refuses it.
    [[nodiscard]] OutgoingHandle begin(const messages::SendText& text, ResponseListener& listener);
    /// Whose address the texts of this leg go to; "" for one of ours and for a trunk.
    [[nodiscard]] std::string stranger_at(const messages::LegAddress& leg) const;
    /// The engine is done with a customer's leg.
    void end(const std::string& leg_key);
    /// Gives back what is unanswered; such texts were not taken, their senders repeat them.
    void close() { unanswered_.clear(); }

  private:
    struct Unanswered {
        MessageHandle request;
        TransportHandle transport;
        TransactionKey key;
        std::string leg_key;  // of a customer
    };
    /// A customer's session as far as it counts for his peer.
    struct Session {
        std::string peer;
        bool there = false;  // the engine has taken a text of it
        int asked = 0;       // texts that wait for the engine's answer
    };
    /// False: the peer may open no more.
    [[nodiscard]] bool ask(const std::string& leg_key, const std::string& peer);
    void answered(const std::string& leg_key, bool taken);
    void forget_if_over(const std::string& leg_key);
    /// The way of the replies to a customer.
    [[nodiscard]] std::string way_back(const Peer& peer, const Caller& caller, const sip_t* sip) const;

    Exchange& exchange_;
    Peers& peers_;
    const PartyTexts& parties_;
    const Registrar& registrar_;
    std::unordered_map<std::string, Session> sessions_;  // by leg key
    DuplicateTable duplicates_;
    std::unordered_map<SipTxnId, Unanswered> unanswered_;
};

}  // namespace trunkline::sip
