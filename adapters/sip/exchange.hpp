// What the parts of the SIP endpoint share on the SIP thread: the agent, the way in to the engine, numbers,
// and the stateless answers. One per server; outlives the parts that hold a reference.
#pragma once

#include <atomic>

#include "adapters/sip/heard_connections.hpp"
#include "adapters/sip/sip_server.hpp"
#include "adapters/sip/sofia.hpp"
#include "adapters/sip/transaction_key.hpp"

namespace trunkline::sip {

/// Headers that some refusals carry; null ones are left out.
struct ReplyHeaders {
    const char* allow = nullptr;
    const char* accept = nullptr;
    const char* retry_after = nullptr;
    const char* unsupported = nullptr;
    const char* supported = nullptr;
    const char* min_se = nullptr;
    const char* more = nullptr;  // whole header lines
};

inline constexpr const char* allowed_methods = "INVITE, ACK, CANCEL, BYE, MESSAGE, OPTIONS, UPDATE";
/// The same outside dialogs, where there is a registrar.
inline constexpr const char* allowed_with_registrar =
    "INVITE, ACK, CANCEL, BYE, MESSAGE, OPTIONS, UPDATE, REGISTER";
/// What a client may require of us.
inline constexpr const char* supported_extensions = "timer, com.microsoft.rtc-multiparty";
/// Seconds after which a client should try again what was refused for load.
inline constexpr const char* retry_after_seconds = "5";

/// Headers that belong to a refusal with this status.
[[nodiscard]] ReplyHeaders headers_for(int status);

/// Answers a request in a dialog whose method is not served there; what a LegListener returns.
int refuse_method(nta_incoming_t* request);

/// What is taken at the moment; set by any thread.
struct Accepting {
    std::atomic<bool> texts{true};  // false: neither texts nor sessions become commands
    std::atomic<bool> work{true};   // false: customers who begin will be refused; told to who asks by OPTIONS
};

class Exchange {
  public:
    Exchange(const SipSettings& settings, const PostCommand& post, const Accepting& accepting)
        : settings_(settings), post_(post), accepting_(accepting), digest_(settings.transaction_secret) {}

    void open(su_root_t* root, nta_agent_t* agent, HeardConnections& heard) {
        root_ = root, agent_ = agent, heard_ = &heard;
    }
    /// A request came over this transport: its connection is no stranger's any more.
    void heard(tport_t* transport) const { heard_->heard(transport); }
    [[nodiscard]] nta_agent_t* agent() const { return agent_; }
    [[nodiscard]] su_root_t* root() const { return root_; }
    [[nodiscard]] const SipSettings& settings() const { return settings_; }
    [[nodiscard]] bool accepting() const { return accepting_.texts; }
    [[nodiscard]] bool takes_work() const { return accepting_.texts && accepting_.work; }
    [[nodiscard]] SipTxnId next_txn() { return SipTxnId(++last_txn_); }
    [[nodiscard]] TransactionKey key_of(const sip_t* request) const { return digest_.of(request); }
    void post(messages::Command command) const { post_(std::move(command)); }

    /// Answers without a transaction, with the To tag that every repetition of this request gets. `transport`
    /// may be null during the callback that brought the request.
    void reply(MessageHandle request, int status, const ReplyHeaders& headers = {},
               const tport_t* transport = nullptr) const;

  private:
    const SipSettings& settings_;
    const PostCommand& post_;
    const Accepting& accepting_;
    su_root_t* root_ = nullptr;
    nta_agent_t* agent_ = nullptr;
    HeardConnections* heard_ = nullptr;
    std::uint64_t last_txn_ = 0;
    TransactionDigest digest_;
};

}  // namespace trunkline::sip
