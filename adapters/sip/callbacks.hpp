// The C functions that Sofia calls: each hands over to a listener and lets no exception pass into C frames.
// A listener that throws is a defect of ours: it is logged, the request is answered 500, and the server goes
// on.
#pragma once

#include <spdlog/spdlog.h>

#include <exception>

#include "adapters/sip/sofia.hpp"

namespace trunkline::sip::callbacks {

template <class Result, class Step>
Result guarded(const char* where, Result on_failure, Step step) noexcept {
    try {
        return step();
    } catch (const std::exception& error) {
        spdlog::error("sip: internal error while handling {}: {}. Please report it.", where, error.what());
    } catch (...) {
        spdlog::error("sip: internal error of unknown kind while handling {}. Please report it.", where);
    }
    return on_failure;
}

inline int message(MessageListener* listener, nta_agent_t*, msg_t* msg, sip_t* sip) {
    return guarded("a message", 0, [&] { return listener->on_message(msg, sip), 0; });
}
inline int request(LegListener* listener, nta_leg_t*, nta_incoming_t* incoming, const sip_t* sip) {
    return guarded("a request in a dialog", 500, [&] { return listener->on_request(incoming, sip); });
}
inline int ack_or_cancel(AckListener* listener, nta_incoming_t*, const sip_t* sip) {
    return guarded("an ACK or CANCEL", 0, [&] { return listener->on_ack_or_cancel(sip), 0; });
}
inline int response(ResponseListener* listener, nta_outgoing_t* outgoing, const sip_t* sip) {
    return guarded("a response", 0,
                   [&] { return listener->on_response(nta_outgoing_status(outgoing), sip), 0; });
}
inline int wake(su_root_magic_t*, su_wait_t*, WakeListener* listener) {
    return guarded("effects of the engine", 0, [&] { return listener->on_wake(), 0; });
}
inline void timer(su_root_magic_t*, su_timer_t*, TimerListener* listener) {
    guarded("a timer", 0, [&] { return listener->on_timer(), 0; });
}

}  // namespace trunkline::sip::callbacks
