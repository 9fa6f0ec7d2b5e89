#include "adapters/sip/party_dialogs.hpp"

#include <deque>

#include "adapters/sip/address.hpp"
#include "adapters/sip/callbacks.hpp"
#include "adapters/sip/caller.hpp"
#include "adapters/sip/outgoing_text.hpp"
#include "adapters/sip/party_texts.hpp"
#include "adapters/sip/sdp.hpp"

namespace trunkline::sip {

struct PartyDialogs::Dialog final : LegListener, ResponseListener {
    enum class State { calling, cancelling, established };

    Dialog(PartyDialogs& dialogs, messages::OpenLeg opened)
        : owner(dialogs), leg(opened.leg), open(std::move(opened)) {}

    int on_request(nta_incoming_t* request, const sip_t* sip) override {
        return owner.take_request(*this, request, sip);
    }
    void on_response(int status, const sip_t* sip) override { owner.take_response(*this, status, sip); }

    PartyDialogs& owner;
    const messages::LegAddress leg;
    const messages::OpenLeg open;
    std::deque<Peer> peers;  // that have not been tried
    State state = State::calling;
    bool ending = false;  // the engine is done with it
    std::uint64_t number = 0;
    LegHandle dialog;
    OutgoingHandle invite;
    std::string peer_host, next_hop, contact;
    DialogHosts hosts;
    const char* door = nullptr;  // lives as long as the agent
    LocalAddress local;
};

PartyDialogs::PartyDialogs(Exchange& exchange, const NtaAgent& agent, Ways& ways, TextLanes& lanes,
                           DialogTexts& texts)
    : exchange_(exchange), agent_(agent), ways_(ways), lanes_(lanes), texts_(texts) {}

PartyDialogs::~PartyDialogs() = default;

PartyDialogs::Dialog* PartyDialogs::find(const std::string& leg_key) {
    const auto found = dialogs_.find(leg_key);
    return found == dialogs_.end() ? nullptr : found->second.get();
}

void PartyDialogs::open(const messages::OpenLeg& leg) {
    dialogs_.emplace(leg.leg.key, std::make_unique<Dialog>(*this, leg));
    ways_.find(leg.leg.route, [this, key = leg.leg.key](const std::vector<Peer>& peers) {
        Dialog* dialog = find(key);
        if (dialog == nullptr) return;  // ended meanwhile
        dialog->peers.assign(peers.begin(), peers.end());
        if (!call_next(*dialog)) fail(*dialog, 503);
    });
}

bool PartyDialogs::call_next(Dialog& dialog) {
    while (!dialog.peers.empty()) {
        const Peer peer = std::move(dialog.peers.front());
        dialog.peers.pop_front();
        if (call(dialog, peer)) return true;
    }
    return false;
}

bool PartyDialogs::call(Dialog& dialog, const Peer& peer) {
    const messages::OpenLeg& leg = dialog.open;
    dialog.number = ++last_dialog_;
    dialog.peer_host = peer.host;
    dialog.hosts = DialogHosts(peer.host, nullptr, nullptr);
    dialog.next_hop = peer.url();
    dialog.door = kept_door(exchange_.agent(), dialog.next_hop);
    dialog.local = agent_.local_towards(peer);
    dialog.contact = "<sip:" + escaped_user(leg.from_user) + "@" + uri_host(dialog.local.host) + ":" +
                     std::to_string(dialog.local.port) + peer.contact_parameters() + ">";
    const std::string from = "<sip:" + escaped_user(leg.from_user) + "@" + leg.from_host + ">";
    const std::string to = "<" + leg.to + ">";
    dialog.dialog.reset(nta_leg_tcreate(exchange_.agent(), callbacks::request, &dialog,
                                        SIPTAG_FROM_STR(from.c_str()), SIPTAG_TO_STR(to.c_str()), TAG_END()));
    if (dialog.dialog == nullptr || nta_leg_tag(dialog.dialog.get(), nullptr) == nullptr) return false;
    const std::string offer = offer_messages(dialog.local.host, dialog.local.port, dialog.number);
    dialog.invite.reset(nta_outgoing_tcreate(
        dialog.dialog.get(), callbacks::response, static_cast<ResponseListener*>(&dialog),
        as_url(dialog.next_hop), SIP_METHOD_INVITE, as_url(leg.to),
        TAG_IF(dialog.door != nullptr, TPTAG_IDENT(dialog.door)), SIPTAG_CONTACT_STR(dialog.contact.c_str()),
        SIPTAG_USER_AGENT_STR(exchange_.settings().user_agent.c_str()), SIPTAG_ALLOW_STR(allowed_methods),
        SIPTAG_CONTENT_TYPE_STR("application/sdp"), SIPTAG_PAYLOAD_STR(offer.c_str()), TAG_END()));
    return dialog.invite != nullptr;
}

void PartyDialogs::take_response(Dialog& dialog, int status, const sip_t* sip) {
    if (status < 200) return;
    if (status >= 300) {  // Sofia has acknowledged it
        // RFC 3263 4.3: silence, a broken way and 503 send us to the next of its addresses.
        const bool elsewhere =
            dialog.state == Dialog::State::calling && (status == 503 || nta_sip_is_internal(sip) != 0);
        return elsewhere && call_next(dialog) ? void() : fail(dialog, status);
    }
    if (dialog.state == Dialog::State::established) return acknowledge(dialog, sip);  // sent once more
    nta_leg_rtag(dialog.dialog.get(), sip->sip_to->a_tag);
    nta_leg_client_route(dialog.dialog.get(), sip->sip_record_route, sip->sip_contact);
    dialog.hosts = DialogHosts(dialog.peer_host, sip->sip_contact, sip->sip_record_route);
    const bool cancelled = dialog.state == Dialog::State::cancelling;
    dialog.state = Dialog::State::established;
    acknowledge(dialog, sip);
    const std::string_view answer = payload_of(sip);
    if (cancelled || (!answer.empty() && !takes_messages(answer))) {
        say_bye(dialog);
        return fail(dialog, 488);
    }
    exchange_.post(messages::LegAnswered{dialog.leg.key});
}

// The ACK of a 2xx is a request of its own with the INVITE's number (RFC 3261 13.2.2.4).
void PartyDialogs::acknowledge(Dialog& dialog, const sip_t* sip) {
    Home home;
    const sip_cseq_t* cseq = sip_cseq_create(home.get(), sip->sip_cseq->cs_seq, SIP_METHOD_ACK);
    const OutgoingHandle sent(nta_outgoing_tcreate(
        dialog.dialog.get(), nullptr, nullptr, as_url(dialog.next_hop), SIP_METHOD_ACK, nullptr,
        TAG_IF(dialog.door != nullptr, TPTAG_IDENT(dialog.door)), SIPTAG_CSEQ(cseq), TAG_END()));
}

bool PartyDialogs::is_from_its_host(const Dialog& dialog, nta_incoming_t* request) const {
    const MessageHandle message(nta_incoming_getrequest(request));
    const TransportHandle transport = transport_of(exchange_.agent(), message.get());
    exchange_.heard(transport.get());
    return dialog.hosts.knows(peer_of(message.get(), transport.get()).host);
}

int PartyDialogs::take_request(Dialog& dialog, nta_incoming_t* request, const sip_t* sip) {
    if (sip->sip_request->rq_method != sip_method_ack && !is_from_its_host(dialog, request)) return 403;
    switch (sip->sip_request->rq_method) {
        case sip_method_message:
            return texts_.take(request, sip, [&](SipTxnId txn, std::string text) {
                return messages::LegText{txn, dialog.leg.key, std::move(text),
                                         TransactionDigest::text_of(exchange_.key_of(sip))};
            });
        case sip_method_bye:
            lose(dialog, messages::LegEnd::released);
            return 200;
        case sip_method_invite:
            return take_reinvite(dialog, request, sip);
        case sip_method_ack:
            return 0;
        case sip_method_update:
        case sip_method_options:
            return 200;
        default:
            break;
    }
    return refuse_method(request);
}

int PartyDialogs::take_reinvite(Dialog& dialog, nta_incoming_t* request, const sip_t* sip) {
    if (dialog.state != Dialog::State::established) return 491;
    const std::string_view offer = payload_of(sip);
    if (!offer.empty() && !offers_messages(offer)) return 488;
    const IncomingHandle answered(request);
    const std::string sdp = offer.empty()
                                ? offer_messages(dialog.local.host, dialog.local.port, dialog.number)
                                : answer_messages(offer, dialog.local.host, dialog.local.port, dialog.number);
    nta_incoming_treply(request, SIP_200_OK, SIPTAG_CONTACT_STR(dialog.contact.c_str()),
                        SIPTAG_ALLOW_STR(allowed_methods), SIPTAG_CONTENT_TYPE_STR("application/sdp"),
                        SIPTAG_PAYLOAD_STR(sdp.c_str()), TAG_END());
    return 0;
}

OutgoingHandle PartyDialogs::begin(const messages::SendText& text, ResponseListener& listener) {
    static const std::string remote_target;  // the dialog's own
    Dialog* dialog = find(text.leg.key);
    if (dialog == nullptr || dialog->state != Dialog::State::established) return nullptr;
    return begin_text({exchange_.agent(), dialog->dialog.get(), text.text, dialog->next_hop, remote_target,
                       exchange_.settings().user_agent},
                      listener);
}

void PartyDialogs::text_ended(const std::string& leg_key, int status, bool by_stack) {
    Dialog* dialog = find(leg_key);
    // RFC 5057 5.1: these say that the dialog itself is gone, other failures are the text's alone.
    if (dialog != nullptr && (by_stack || status == 408 || status == 481))
        lose(*dialog, messages::LegEnd::lost);
}

void PartyDialogs::lane_empty(const std::string& leg_key) {
    Dialog* dialog = find(leg_key);
    if (dialog == nullptr || !dialog->ending || dialog->state != Dialog::State::established) return;
    say_bye(*dialog);
    erase(*dialog);
}

void PartyDialogs::end(const std::string& leg_key) {
    Dialog* dialog = find(leg_key);
    if (dialog == nullptr) return;  // the party was faster
    dialog->ending = true;
    if (dialog->invite == nullptr) return erase(*dialog);  // its way is still looked for
    if (dialog->state == Dialog::State::calling) {
        dialog->state = Dialog::State::cancelling;  // until its final answer, which may still be 200
        const OutgoingHandle cancel(nta_outgoing_tcancel(dialog->invite.get(), nullptr, nullptr, TAG_END()));
    } else if (lanes_.empty(leg_key)) {
        lane_empty(leg_key);  // else when the texts before it are through
    }
}

void PartyDialogs::say_bye(Dialog& dialog) {
    // Without a listener Sofia carries the transaction to its end and frees it.
    nta_outgoing_tcreate(dialog.dialog.get(), nullptr, nullptr, as_url(dialog.next_hop), SIP_METHOD_BYE,
                         nullptr, TAG_IF(dialog.door != nullptr, TPTAG_IDENT(dialog.door)),
                         SIPTAG_USER_AGENT_STR(exchange_.settings().user_agent.c_str()), TAG_END());
}

void PartyDialogs::fail(Dialog& dialog, int status) {
    if (!dialog.ending) exchange_.post(messages::LegFailed{dialog.leg.key, status});
    erase(dialog);
}

void PartyDialogs::lose(Dialog& dialog, messages::LegEnd how) {
    if (!dialog.ending) exchange_.post(messages::LegEnded{dialog.leg.key, how});
    erase(dialog);
}

void PartyDialogs::erase(Dialog& dialog) {
    const std::string key = dialog.leg.key;
    dialogs_.erase(key);
    lanes_.resume(key);  // what still waits there ends with 481
}

void PartyDialogs::close() {
    for (const auto& [key, dialog] : dialogs_) {
        if (dialog->state == Dialog::State::established)
            say_bye(*dialog);
        else if (dialog->state == Dialog::State::calling && dialog->invite != nullptr)
            const OutgoingHandle cancel(
                nta_outgoing_tcancel(dialog->invite.get(), nullptr, nullptr, TAG_END()));
    }
    dialogs_.clear();
}

}  // namespace trunkline::sip
