#include "adapters/sip/sip_server.hpp"

#include <spdlog/spdlog.h>

#include <array>
#include <atomic>
#include <cassert>
#include <limits>
#include <optional>
#include <stdexcept>

#include "adapters/sip/endpoint_probes.hpp"
#include "adapters/sip/exchange.hpp"
#include "adapters/sip/method_names.hpp"
#include "adapters/sip/nta_agent.hpp"
#include "adapters/sip/outbox.hpp"
#include "adapters/sip/pager_texts.hpp"
#include "adapters/sip/party_dialogs.hpp"
#include "adapters/sip/registrar.hpp"
#include "adapters/sip/request_rules.hpp"
#include "adapters/sip/session_dialogs.hpp"
#include "adapters/sip/sofia_loop.hpp"
#include "adapters/sip/text_body.hpp"
#include "adapters/sip/text_lanes.hpp"
#include "adapters/sip/trunk_names.hpp"
#include "adapters/sip/ways.hpp"

namespace trunkline::sip {
namespace {

/// Of the composition, not of the engine.
struct AccountsChanged {};
struct CertificatesChanged {};
struct NameResolved {
    std::uint64_t id = 0;
    DnsAnswer answer;
};
struct TrunksChanged {
    std::vector<SipTrunk> trunks;
};

using OutEffect = std::variant<messages::AnswerText, messages::AnswerSession, messages::SendText,
                               messages::OpenLeg, messages::EndLeg, messages::ProbeEndpoint, AccountsChanged,
                               TrunksChanged, NameResolved, CertificatesChanged>;

/// What lives on the SIP thread while the server listens.
class Endpoint final : public MessageListener, private TextLanes::Carrier {
  public:
    Endpoint(su_root_t* root, const SipSettings& settings, const PostCommand& post,
             const Accepting& accepting, Resolver::Deliver resolved)
        : exchange_(settings, post, accepting),
          agent_(root, {settings.listen, settings.t1, settings.tls, settings.handshake_limit}, *this),
          heard_(root, agent_.get(), {.most = settings.connections_limit, .silent = settings.silent_limit}),
          peers_(settings),
          registrar_(exchange_),
          lanes_(exchange_, peers_.proofs(), *this),
          ways_(agent_, settings.name_servers, std::move(resolved)),
          trunk_names_(root, peers_, ways_),
          pager_(exchange_, peers_, parties_, registrar_),
          dialog_texts_(exchange_),
          sessions_(exchange_, peers_, lanes_, dialog_texts_),
          calls_(exchange_, agent_, ways_, lanes_, dialog_texts_),
          probes_(exchange_, agent_, ways_) {
        exchange_.open(root, agent_.get(), heard_);
        registrar_.open();
    }
    ~Endpoint() {
        ways_.close();
        probes_.close();
        calls_.close();
        sessions_.close();
        dialog_texts_.close();
        pager_.close();
    }

    [[nodiscard]] std::vector<std::string> listening() const { return agent_.listening(); }

    void on_message(msg_t* msg, sip_t* sip) override {
        MessageHandle message(msg);
        if (sip == nullptr || sip->sip_request == nullptr) return;  // an answer to nothing of ours
        const sip_method_t method = sip->sip_request->rq_method;
        exchange_.heard(tport_delivered_by(nta_agent_tports(agent_.get()), msg));
        if (method == sip_method_ack) return;
        if (method == sip_method_message && sip->sip_to->a_tag != nullptr && pager_.taken_before(sip))
            return exchange_.reply(std::move(message), 200);
        if (const auto refusal = refusal_of(sip, registrar_.is_there())) {
            ReplyHeaders headers = headers_for(refusal->status);
            if (!refusal->unsupported.empty()) headers.unsupported = refusal->unsupported.c_str();
            if (headers.allow != nullptr) headers.allow = allowed();
            return exchange_.reply(std::move(message), refusal->status, headers);
        }
        for (const Door& door : doors) {
            if (door.method == method) return (this->*door.take)(std::move(message), sip);
        }
    }

    void carry_out(messages::AnswerText&& answer) {
        if (!pager_.answer(answer)) (void)dialog_texts_.answer(answer);
    }
    void carry_out(messages::AnswerSession&& answer) { sessions_.answer(answer); }
    void carry_out(messages::SendText&& text) { lanes_.send(std::move(text)); }
    void carry_out(messages::OpenLeg&& open) {
        if (open.leg.kind == messages::LegKind::session) return calls_.open(open);
        parties_.open(open);
        lanes_.hold(open.leg);  // until its way is known
        ways_.find(open.leg.route, [this, open](const std::vector<Peer>& peers) {
            std::deque<PartyTexts::Way> ways;
            for (const Peer& peer : peers) ways.push_back({peer.url(), peers_.name_of(peer.host)});
            parties_.set_ways(open.leg.key, std::move(ways));
            lanes_.resume(open.leg.key);
        });
    }
    void carry_out(messages::ProbeEndpoint&& endpoint) { probes_.probe(endpoint); }
    void carry_out(messages::EndLeg&& end) {
        if (calls_.knows(end.leg.key)) return calls_.end(end.leg.key);
        if (end.leg.kind == messages::LegKind::session) return sessions_.end(end.leg.key);
        pager_.end(end.leg.key);
        parties_.end(end.leg.key);
        if (lanes_.empty(end.leg.key)) parties_.forget(end.leg.key);  // else when its texts are through
    }

    void carry_out(AccountsChanged&&) { registrar_.accounts_changed(); }
    void carry_out(TrunksChanged&& changed) { trunk_names_.set_trunks(std::move(changed.trunks)); }
    void carry_out(NameResolved&& resolved) { ways_.answered(resolved.id, std::move(resolved.answer)); }
    void carry_out(CertificatesChanged&&) {
        try {
            agent_.renew_certificates();
        } catch (const std::runtime_error& error) {
            spdlog::error("the certificate in force stays: {}", error.what());
        }
    }

  private:
    [[nodiscard]] const char* allowed() const {
        return registrar_.is_there() ? allowed_with_registrar : allowed_methods;
    }
    /// Requests outside any dialog that are taken, by method.
    struct Door {
        sip_method_t method;
        void (Endpoint::*take)(MessageHandle, const sip_t*);
    };
    static const std::array<Door, 4> doors;

    void take_message(MessageHandle request, const sip_t* sip) { pager_.take(std::move(request), sip); }
    void take_invite(MessageHandle request, const sip_t* sip) { sessions_.offer(std::move(request), sip); }
    void take_register(MessageHandle request, const sip_t* sip) { registrar_.take(std::move(request), sip); }
    /// Answered as an INVITE would be (RFC 3261 11.2), so that a proxy in front of us sends work elsewhere in
    /// time.
    void take_options(MessageHandle request, const sip_t*) {
        if (!exchange_.takes_work()) return exchange_.reply(std::move(request), 503, headers_for(503));
        static const std::string accepted = std::string("application/sdp, ") + accepted_types;
        exchange_.reply(std::move(request), 200,
                        {.allow = allowed(), .accept = accepted.c_str(), .supported = supported_extensions});
    }

    OutgoingHandle begin(const messages::SendText& text, ResponseListener& listener) override {
        if (calls_.knows(text.leg.key)) return calls_.begin(text, listener);
        return text.leg.kind == messages::LegKind::pager ? pager_.begin(text, listener)
                                                         : sessions_.begin(text, listener);
    }
    std::string stranger_at(const messages::LegAddress& leg) override {
        if (calls_.knows(leg.key)) return {};
        return leg.kind == messages::LegKind::session ? sessions_.stranger_at(leg.key)
                                                      : pager_.stranger_at(leg);
    }
    bool goes_another_way(const messages::LegAddress& leg, int status, bool by_stack) override {
        // RFC 3263 4.3: after silence, a broken way or 503. What is said in a dialog has one way.
        return leg.kind == messages::LegKind::pager && (by_stack || status == 503) &&
               parties_.next_way(leg.key);
    }
    void text_ended(const messages::LegAddress& leg, int status, bool by_stack) override {
        if (calls_.knows(leg.key)) return calls_.text_ended(leg.key, status, by_stack);
        if (leg.kind == messages::LegKind::session) return sessions_.text_ended(leg.key, status, by_stack);
        parties_.text_ended(leg.key);
    }
    void lane_empty(const messages::LegAddress& leg) override {
        if (calls_.knows(leg.key)) return calls_.lane_empty(leg.key);
        if (leg.kind == messages::LegKind::session) return sessions_.lane_empty(leg.key);
        if (parties_.ended(leg.key)) parties_.forget(leg.key);
    }

    Exchange exchange_;
    NtaAgent agent_;  // destroyed after the parts whose handles it owns
    HeardConnections heard_;
    Peers peers_;
    Registrar registrar_;
    TextLanes lanes_;
    Ways ways_;
    TrunkNames trunk_names_;
    PartyTexts parties_;
    PagerTexts pager_;
    DialogTexts dialog_texts_;
    SessionDialogs sessions_;
    PartyDialogs calls_;
    EndpointProbes probes_;
};

const std::array<Endpoint::Door, 4> Endpoint::doors{{{sip_method_message, &Endpoint::take_message},
                                                     {sip_method_invite, &Endpoint::take_invite},
                                                     {sip_method_register, &Endpoint::take_register},
                                                     {sip_method_options, &Endpoint::take_options}}};

}  // namespace

class SipServer::Inner final : public SofiaLoop::Guest {
  public:
    Inner(SipSettings given, PostCommand post_command)
        : settings(std::move(given)), post(std::move(post_command)), loop(*this) {}

    void open(su_root_t* root) override {
        require_own_method_names();
        endpoint.emplace(root, settings, post, accepting, [this](std::uint64_t id, DnsAnswer answer) {
            put(NameResolved{id, std::move(answer)});
            loop.wake();
        });
        listening = endpoint->listening();
    }
    void woken() override {
        assert(loop.on_own_thread());
        for (OutEffect& effect : outbox.take()) {
            std::visit([this](auto& one) { endpoint->carry_out(std::move(one)); }, effect);
        }
    }
    void close() noexcept override { endpoint.reset(); }

    /// Answers are as many as requests that wait, so they always find room; texts are bounded.
    template <class Value>
    void put(Value&& value) {
        (void)outbox.put(OutEffect(std::forward<Value>(value)), std::numeric_limits<std::size_t>::max());
    }
    void put(messages::SendText&& text) {
        const TextId id = text.id;
        if (!outbox.put(OutEffect(std::move(text)), settings.texts_limit))
            post(messages::TextAnswered{id, 503});
    }

    const SipSettings settings;
    const PostCommand post;
    Accepting accepting;
    Outbox<OutEffect> outbox;
    std::vector<std::string> listening;
    std::optional<Endpoint> endpoint;
    SofiaLoop loop;
};

SipServer::SipServer(SipSettings settings, PostCommand post)
    : inner_(std::make_unique<Inner>(std::move(settings), std::move(post))) {}
SipServer::~SipServer() { stop(); }

void SipServer::start() { inner_->loop.start(); }
std::vector<std::string> SipServer::listening() const { return inner_->listening; }
void SipServer::set_accepting(bool accepting) { inner_->accepting.texts = accepting; }
void SipServer::set_taking_work(bool taken) { inner_->accepting.work = taken; }
void SipServer::flush() { inner_->loop.wake(); }
void SipServer::set_trunks(std::vector<SipTrunk> trunks) {
    inner_->put(TrunksChanged{std::move(trunks)});
    flush();
}
void SipServer::accounts_changed() {
    inner_->put(AccountsChanged{});
    flush();
}
void SipServer::renew_certificates() {
    inner_->put(CertificatesChanged{});
    flush();
}
void SipServer::stop() { inner_->loop.stop(); }

void SipServer::carry_out(messages::Effect effect) {
    std::visit(
        [this](auto& one) {
            if constexpr (std::is_constructible_v<OutEffect, decltype(std::move(one))>) {
                inner_->put(std::move(one));
            } else {
                throw std::logic_error("this effect is not for the SIP adapter");
            }
        },
        effect);
}

}  // namespace trunkline::sip
