// The SIP door for customers and for parties of ours: instant messages in pager mode (MESSAGE outside a
// dialog) and in session mode (INVITE with a message line, then MESSAGE in its dialog), over UDP and TCP. It
// translates, absorbs retransmissions and keeps the order of texts; it knows no agent, queue or strategy.
// Threads: Sofia runs on a thread of this server's own. The only ways across are PostCommand (in, called on
// the SIP thread) and carry_out + flush (out). start and stop belong to the composition's thread,
// set_accepting to any. Failure: what cannot be carried out comes back as a command (TextAnswered, LegEnded);
// only start() throws.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/sip/registrar_settings.hpp"
#include "adapters/tls/files.hpp"
#include "engine/messages/commands.hpp"
#include "engine/messages/effects.hpp"

namespace trunkline::sip {

struct SipSettings {
    /// "udp:0.0.0.0:5060", "tcp:[::1]:5060", "tls:0.0.0.0:5061"; port 0 means any free one.
    std::vector<std::string> listen{"udp:127.0.0.1:5060", "tcp:127.0.0.1:5060"};
    /// Certificate and key for `tls:` addresses, and whose certificates are taken from peers that must show
    /// one.
    std::optional<tls::Files> tls;
    std::chrono::milliseconds handshake_limit = std::chrono::seconds(10);
    std::string user_agent = "Trunkline";
    /// Sessions, of both modes, that one peer may have at a time, and open in a second; 0: no limit.
    int peer_sessions = 50;
    int peer_new_per_second = 20;
    /// How often an unanswered INVITE gets its 180 again (RFC 3261 13.3.1.1 asks for each minute).
    std::chrono::milliseconds ringing_refresh = std::chrono::seconds(60);
    /// The shortest interval of a session timer that is agreed to (RFC 4028 5 allows no less).
    std::chrono::seconds least_session_interval = std::chrono::seconds(90);
    /// Who is asked for names in addresses of ours, "127.0.0.1:53"; empty: as the machine is configured.
    std::vector<std::string> name_servers;
    /// Agents' endpoints; without secrets there is no registrar.
    RegistrarSettings registrar;
    /// How long a connection may say nothing, or leave a message unfinished, before it is closed.
    std::chrono::milliseconds silent_limit = std::chrono::seconds(30);
    /// Connections that have brought a request and are kept.
    std::size_t connections_limit = 20'000;
    /// Requests that may wait for the engine's answer; more are refused with 503.
    std::size_t unanswered_limit = 20'000;
    /// Requests remembered for 32 s so that a retransmission is known; more are refused with 503. Some 80
    /// bytes each: this many let 62,500 texts a second through for as long as they come, more than two cores
    /// can take.
    std::size_t duplicates_limit = 2'000'000;
    /// Keeps strangers from forging a repetition; the same over a restart. "": a new one for this run.
    std::string transaction_secret;
    /// Requests whose texts earlier runs took within the last 32 s (TextReceived::transaction): their
    /// repetitions are answered 200 and counted no more.
    std::vector<std::string> taken_before;
    /// Texts to customers that wait: on one leg, on all, and on the way to the SIP thread. More end with 503.
    std::size_t texts_per_leg = 200;
    std::size_t texts_limit = 100'000;
    /// T1 of RFC 3261 17.1.1.1: a request without an answer ends after 64 times this. Tests make it short.
    std::chrono::milliseconds t1 = std::chrono::milliseconds(500);
};

/// Hands a command to the engine's thread. Called on the SIP thread; must neither block nor throw.
using PostCommand = std::function<void(messages::Command)>;

/// A Trunk of the configuration: a peer who is known by its address, whoever writes from there.
struct SipTrunk {
    std::string name;                             // of no other one
    std::string contact;                          // SIP URI
    std::optional<int> sessions, new_per_second;  // instead of peer_sessions, peer_new_per_second
};

class SipServer {
  public:
    SipServer(SipSettings settings, PostCommand post);
    ~SipServer();
    SipServer(const SipServer&) = delete;
    SipServer& operator=(const SipServer&) = delete;

    /// Listens on every address of the settings. Throws std::runtime_error naming the address that cannot be
    /// used and what to do about it.
    void start();
    /// Where it listens, with real ports: "udp:127.0.0.1:41234". Valid after start().
    [[nodiscard]] std::vector<std::string> listening() const;

    /// Queues one effect of the engine; nothing moves before flush(). Takes AnswerText, AnswerSession,
    /// SendText, OpenLeg, EndLeg and ProbeEndpoint; any other throws std::logic_error, for it was sent to the
    /// wrong adapter.
    void carry_out(messages::Effect effect);
    /// Wakes the SIP thread for what was queued: once after each batch.
    void flush();

    /// What the registrar's settings say of accounts is another now: registrations without one end. Any
    /// thread.
    void accounts_changed();

    /// The Trunks that are known from now on, instead of those before. Any thread.
    void set_trunks(std::vector<SipTrunk> trunks);

    /// False: texts and new sessions are refused with 503 before they become commands (the spool is bad).
    void set_accepting(bool accepting);
    /// False: the engine refuses customers who begin (it drains, the spool is full); OPTIONS says so, live
    /// sessions go on. Any thread.
    void set_taking_work(bool taken);

    /// Reads the files of `tls` again, for connections that begin from now on. What cannot be read is logged
    /// and changes nothing. Any thread.
    void renew_certificates();

    /// Carries out what is queued, then closes. No command is posted after it returns.
    void stop();

  private:
    class Inner;
    std::unique_ptr<Inner> inner_;
};

}  // namespace trunkline::sip
