// Session mode: INVITE with a message line, texts in its dialog both ways, BYE from either side. One Session
// a dialog; a session lives from its INVITE to its end and is named by a number of ours. SIP thread.
#pragma once

#include <functional>
#include <unordered_map>

#include "adapters/sip/dialog_texts.hpp"
#include "adapters/sip/peers.hpp"
#include "adapters/sip/text_lanes.hpp"

namespace trunkline::sip {

class SessionDialogs {
  public:
    SessionDialogs(Exchange& exchange, Peers& peers, TextLanes& lanes, DialogTexts& texts);
    ~SessionDialogs();

    /// An INVITE without To tag: posts SessionOffered, or refuses it.
    void offer(MessageHandle request, const sip_t* sip);
    /// The engine's answer to the INVITE. A session that is gone meanwhile is no error: the customer was
    /// faster.
    void answer(const messages::AnswerSession& answer);
    /// Begins the MESSAGE that carries `text` in its dialog; null when the dialog is gone.
    [[nodiscard]] OutgoingHandle begin(const messages::SendText& text, ResponseListener& listener);
    /// Whose address the texts of this leg go to; "" where it is gone.
    [[nodiscard]] std::string stranger_at(const std::string& leg_key);
    /// The engine is done with the leg: BYE once the texts before it are through.
    void end(const std::string& leg_key);
    /// What the lanes say about a session's texts.
    void text_ended(const std::string& leg_key, int status, bool by_stack);
    void lane_empty(const std::string& leg_key);
    /// Says BYE or 503 to everybody; no command is posted.
    void close();

  private:
    struct Session;
    friend struct Session;

    [[nodiscard]] Session* find(const std::string& leg_key);
    int take_request(Session& session, nta_incoming_t* request, const sip_t* sip);
    /// Whether a request in the dialog comes from a host that may speak in it.
    [[nodiscard]] bool is_from_its_host(const Session& session, nta_incoming_t* request) const;
    int take_text(Session& session, nta_incoming_t* request, const sip_t* sip);
    int take_reinvite(Session& session, nta_incoming_t* request, const sip_t* sip);
    int take_update(Session& session, nta_incoming_t* request, const sip_t* sip);
    /// Refuses a refresh that asks for too short an interval.
    int refuse_interval(nta_incoming_t* request);
    int take_bye(Session& session);
    void take_ack_or_cancel(Session& session, const sip_t* sip);
    void ring(Session& session);
    void accept(Session& session);
    /// A refresh of the peer's may come from another place of the same host: what follows goes there.
    void move(Session& session, nta_incoming_t* request, const sip_t* sip);
    void send_refresh(Session& session);
    /// Nobody refreshed the dialog in time.
    void expire(Session& session);
    void say_bye(Session& session);
    /// Tells the engine, unless it was done with the leg, and forgets the session.
    void lose(Session& session, messages::LegEnd how);
    void erase(Session& session);

    Exchange& exchange_;
    Peers& peers_;
    TextLanes& lanes_;
    DialogTexts& texts_;
    std::unordered_map<std::string, std::unique_ptr<Session>> sessions_;
    std::unordered_map<SipTxnId, std::string> offers_;
    std::uint64_t last_session_ = 0;
};

}  // namespace trunkline::sip
