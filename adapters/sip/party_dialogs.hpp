// Session-mode legs of ours: INVITE with a message line towards a party, texts in its dialog both ways,
// CANCEL and BYE. A dialog lives from OpenLeg to the end of its leg, or until the final answer to an INVITE
// that was cancelled. SIP thread.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "adapters/sip/dialog_texts.hpp"
#include "adapters/sip/nta_agent.hpp"
#include "adapters/sip/text_lanes.hpp"
#include "adapters/sip/ways.hpp"

namespace trunkline::sip {

class PartyDialogs {
  public:
    PartyDialogs(Exchange& exchange, const NtaAgent& agent, Ways& ways, TextLanes& lanes, DialogTexts& texts);
    ~PartyDialogs();

    /// Calls the party; ends in LegAnswered or LegFailed unless the engine ends the leg first.
    void open(const messages::OpenLeg& leg);
    [[nodiscard]] bool knows(const std::string& leg_key) const { return dialogs_.contains(leg_key); }
    /// Begins the MESSAGE that carries `text` in its dialog; null when the dialog is gone.
    [[nodiscard]] OutgoingHandle begin(const messages::SendText& text, ResponseListener& listener);
    /// The engine is done with the leg: CANCEL, or BYE once the texts before it are through.
    void end(const std::string& leg_key);
    /// What the lanes say about a dialog's texts.
    void text_ended(const std::string& leg_key, int status, bool by_stack);
    void lane_empty(const std::string& leg_key);
    /// Hangs up everywhere; no command is posted.
    void close();

  private:
    struct Dialog;
    friend struct Dialog;

    [[nodiscard]] Dialog* find(const std::string& leg_key);
    /// Calls the next of the peers that are left (RFC 3263 4.3); false when none is.
    bool call_next(Dialog& dialog);
    bool call(Dialog& dialog, const Peer& peer);
    void take_response(Dialog& dialog, int status, const sip_t* sip);
    int take_request(Dialog& dialog, nta_incoming_t* request, const sip_t* sip);
    /// Whether a request in the dialog comes from a host that may speak in it.
    [[nodiscard]] bool is_from_its_host(const Dialog& dialog, nta_incoming_t* request) const;
    int take_reinvite(Dialog& dialog, nta_incoming_t* request, const sip_t* sip);
    void acknowledge(Dialog& dialog, const sip_t* sip);
    void say_bye(Dialog& dialog);
    void fail(Dialog& dialog, int status);
    /// Tells the engine, unless it was done with the leg, and forgets the dialog.
    void lose(Dialog& dialog, messages::LegEnd how);
    void erase(Dialog& dialog);

    Exchange& exchange_;
    const NtaAgent& agent_;
    Ways& ways_;
    TextLanes& lanes_;
    DialogTexts& texts_;
    std::unordered_map<std::string, std::unique_ptr<Dialog>> dialogs_;
    std::uint64_t last_dialog_ = 0;
};

}  // namespace trunkline::sip
