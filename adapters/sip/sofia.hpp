// Sofia-SIP as this room uses it: the listener interfaces that its callbacks end in, its handles as owners,
// and its headers, which must be read through this file only (the context types are macros that every unit
// has to agree on). Everything here belongs to the SIP thread. Sofia is C: no exception may pass through it,
// so the trampolines of callbacks.hpp catch and log.
#pragma once

namespace trunkline::sip {
class MessageListener;
class LegListener;
class AckListener;
class ResponseListener;
class WakeListener;
class TimerListener;
}  // namespace trunkline::sip

#define SU_WAKEUP_ARG_T ::trunkline::sip::WakeListener
#define SU_TIMER_ARG_T ::trunkline::sip::TimerListener
#define NTA_AGENT_MAGIC_T ::trunkline::sip::MessageListener
#define NTA_LEG_MAGIC_T ::trunkline::sip::LegListener
#define NTA_INCOMING_MAGIC_T ::trunkline::sip::AckListener
#define NTA_OUTGOING_MAGIC_T ::trunkline::sip::ResponseListener

#include <sofia-sip/su.h>
#include <sofia-sip/su_wait.h>
// su.h has to come first.
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/nta.h>
#include <sofia-sip/nta_stateless.h>
#include <sofia-sip/nta_tport.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/sresolv.h>
#include <sofia-sip/su_log.h>
#include <sofia-sip/su_tag.h>
#include <sofia-sip/tport.h>
#include <sofia-sip/tport_tag.h>

#include <memory>
#include <string>

namespace trunkline::sip {

/// Every message that belongs to no dialog and no transaction. The listener owns `msg` from here on.
class MessageListener {
  public:
    virtual void on_message(msg_t* msg, sip_t* sip) = 0;

  protected:
    ~MessageListener() = default;
};

/// A new request inside a dialog. Returns a final status for Sofia to answer with, or 0 to answer later with
/// `request`.
class LegListener {
  public:
    virtual int on_request(nta_incoming_t* request, const sip_t* sip) = 0;

  protected:
    ~LegListener() = default;
};

/// The ACK or CANCEL of an INVITE; `sip` is null when the ACK never came.
class AckListener {
  public:
    virtual void on_ack_or_cancel(const sip_t* sip) = 0;

  protected:
    ~AckListener() = default;
};

/// A response to a request of ours; Sofia makes one itself (408, 503) when the peer is silent or unreachable.
class ResponseListener {
  public:
    virtual void on_response(int status, const sip_t* sip) = 0;

  protected:
    ~ResponseListener() = default;
};

class WakeListener {
  public:
    virtual void on_wake() = 0;

  protected:
    ~WakeListener() = default;
};

class TimerListener {
  public:
    virtual void on_timer() = 0;

  protected:
    ~TimerListener() = default;
};

template <auto Destroy>
struct SofiaDeleter {
    template <class T>
    void operator()(T* handle) const {
        Destroy(handle);
    }
};

using AgentHandle = std::unique_ptr<nta_agent_t, SofiaDeleter<nta_agent_destroy>>;
using LegHandle = std::unique_ptr<nta_leg_t, SofiaDeleter<nta_leg_destroy>>;
/// Destroyed unanswered, it answers 500 by itself; destroyed answered, Sofia still absorbs retransmissions.
using IncomingHandle = std::unique_ptr<nta_incoming_t, SofiaDeleter<nta_incoming_destroy>>;
/// Destroyed early, the request still runs to its end, but no listener hears of it.
using OutgoingHandle = std::unique_ptr<nta_outgoing_t, SofiaDeleter<nta_outgoing_destroy>>;
using TimerHandle = std::unique_ptr<su_timer_t, SofiaDeleter<su_timer_destroy>>;
using TransportHandle = std::unique_ptr<tport_t, SofiaDeleter<tport_unref>>;
using MessageHandle = std::unique_ptr<msg_t, SofiaDeleter<msg_destroy>>;

/// Memory of one call, freed at the end of the scope.
class Home {
  public:
    Home() { su_home_init(home_); }
    ~Home() { su_home_deinit(home_); }
    Home(const Home&) = delete;
    Home& operator=(const Home&) = delete;
    [[nodiscard]] su_home_t* get() { return home_; }

  private:
    su_home_t home_[1] = {};
};

/// A URL of Sofia's as text; "" for null.
[[nodiscard]] inline std::string url_text(const url_t* url) {
    if (url == nullptr) return {};
    Home home;
    const char* text = url_as_string(home.get(), url);
    return text == nullptr ? std::string() : std::string(text);
}

/// A text as the URL argument that Sofia's calls take; it must outlive the call.
[[nodiscard]] inline const url_string_t* as_url(const std::string& text) {
    return reinterpret_cast<const url_string_t*>(text.c_str());
}

}  // namespace trunkline::sip
