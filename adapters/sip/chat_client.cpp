#include "adapters/sip/chat_client.hpp"

#include <chrono>
#include <deque>
#include <limits>
#include <optional>
#include <stdexcept>

#include "adapters/sip/address.hpp"
#include "adapters/sip/caller.hpp"
#include "adapters/sip/duplicate_table.hpp"
#include "adapters/sip/nta_agent.hpp"
#include "adapters/sip/outbox.hpp"
#include "adapters/sip/outgoing_text.hpp"
#include "adapters/sip/sofia_loop.hpp"
#include "adapters/sip/transaction_key.hpp"

namespace trunkline::sip {
namespace {

constexpr const char* user_agent = "trunkctl chat";
constexpr std::size_t remembered_texts = 10'000;

}  // namespace

class ChatClient::Inner final : public SofiaLoop::Guest, private MessageListener, private ResponseListener {
  public:
    Inner(ChatSettings given, Callbacks given_callbacks)
        : settings(std::move(given)),
          callbacks(std::move(given_callbacks)),
          duplicates(remembered_texts),
          loop(*this) {}

    void open(su_root_t* root) override {
        const Peer server{settings.server, settings.port, settings.transport};
        const std::string host = uri_host(local_host_towards(server));
        if (host.empty()) {
            throw std::runtime_error("chat: '" + settings.server +
                                     "' is not a numeric address that can be reached; give the server's "
                                     "address, for example 127.0.0.1.");
        }
        route = server.url();
        target = "sip:" + escaped_user(settings.to) + "@" + uri_host(settings.server) + ":" +
                 std::to_string(settings.port);
        const auto at = settings.from.find('@');
        from = "<sip:" + escaped_user(settings.from.substr(0, at)) + "@" +
               (at == std::string::npos ? host : settings.from.substr(at + 1)) + ">";
        agent.emplace(root, AgentOptions{{settings.transport + ":" + host + ":0"}},
                      static_cast<MessageListener&>(*this));
    }
    void woken() override {
        for (std::string& text : outbox.take()) waiting.push_back(std::move(text));
        advance();
    }
    void close() noexcept override {
        request.reset();
        dialog.reset();
        agent.reset();
    }

    ChatSettings settings;
    Callbacks callbacks;
    Outbox<std::string> outbox;

  private:
    void on_message(msg_t* msg, sip_t* sip) override {
        MessageHandle message(msg);
        if (sip == nullptr || sip->sip_request == nullptr || sip->sip_request->rq_method == sip_method_ack)
            return;
        int status = 405;
        if (sip->sip_request->rq_method == sip_method_message) {
            const TextBody body = body_of(sip);
            status = body.refusal != 0 ? body.refusal : 200;
            const auto now = steady_now();
            const TransactionKey key = digest.of(sip);
            const bool fresh =
                duplicates.find(key, now).seen == DuplicateTable::Seen::never && duplicates.insert(key);
            duplicates.answer(key, status, now);
            if (fresh && body.refusal == 0 && body.shown) callbacks.on_text(body.text);
        }
        nta_msg_treply(agent->get(), message.release(), status, sip_status_phrase(status),
                       SIPTAG_SERVER_STR(user_agent), TAG_END());
    }

    void on_response(int status, const sip_t* sip) override {
        if (status < 200) return;
        std::string reason = sip != nullptr && sip->sip_status != nullptr ? sip->sip_status->st_phrase
                                                                          : sip_status_phrase(status);
        request.reset();
        dialog.reset();
        callbacks.on_answer(status, std::move(reason));
        advance();
    }

    void advance() {
        while (request == nullptr && !waiting.empty()) {
            const std::string text = std::move(waiting.front());
            waiting.pop_front();
            const std::string to = "<" + target + ">";
            dialog.reset(nta_leg_tcreate(agent->get(), nullptr, nullptr, SIPTAG_FROM_STR(from.c_str()),
                                         SIPTAG_TO_STR(to.c_str()), TAG_END()));
            if (dialog != nullptr && nta_leg_tag(dialog.get(), nullptr) != nullptr) {
                request =
                    begin_text({agent->get(), dialog.get(), text, route, target, user_agent_text}, *this);
            }
            if (request == nullptr) callbacks.on_answer(500, "the text could not be sent");
        }
    }

    const std::string user_agent_text = user_agent;
    std::string route, target, from;
    TransactionDigest digest;
    DuplicateTable duplicates;
    std::deque<std::string> waiting;
    std::optional<NtaAgent> agent;
    LegHandle dialog;
    OutgoingHandle request;

  public:
    SofiaLoop loop;
};

ChatClient::ChatClient(ChatSettings settings, Callbacks callbacks)
    : inner_(std::make_unique<Inner>(std::move(settings), std::move(callbacks))) {}
ChatClient::~ChatClient() { stop(); }

void ChatClient::start() { inner_->loop.start(); }

void ChatClient::send(std::string text) {
    (void)inner_->outbox.put(std::move(text), std::numeric_limits<std::size_t>::max());
    inner_->loop.wake();
}

void ChatClient::stop() { inner_->loop.stop(); }

}  // namespace trunkline::sip
