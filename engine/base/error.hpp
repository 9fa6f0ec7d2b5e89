// What went wrong, for a person and for a T-Library client. `code` is the ErrorCode of EventError
// (facts.md 1.6); `message` says what happened and what to do, without the sender's text in it.
#pragma once

#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>
#include <utility>

namespace trunkline {

enum class ErrorCode : int {
    not_registered = 41,  // the client has not registered the DN
    already_in_state = 43,
    unknown = 50,
    unsupported = 51,
    internal = 52,
    bad_attribute = 53,
    no_link = 54,  // a request before RequestRegisterClient
    unknown_conn_id = 56,
    dn_not_configured = 59,
    invalid_called_number = 71,
    destination_busy = 91,
    destination_invalid_state = 93,
    wrong_device_state = 185,
    logged_out = 187,  // ready or not ready while logged out
    invalid_agent_id = 192,
    no_answer = 232,
    call_disconnected = 237,
    bad_password = 259,
    not_a_party = 470,
    invalid_call_state = 496,
    agent_active_elsewhere = 527,
    agent_reserved = 1700,
    already_logged_in = 1706,
    not_logged_in = 1707,
};

struct Error {
    ErrorCode code = ErrorCode::unknown;
    std::string message;
};

[[noreturn]] inline void throw_exception_from_error(const Error& error, const boost::source_location&) {
    throw std::runtime_error(error.message);
}

template <class T>
using Result = boost::system::result<T, Error>;

}  // namespace trunkline
