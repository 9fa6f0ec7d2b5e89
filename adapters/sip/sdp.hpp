// The session description of session-mode instant messaging: one message line over `sip` (RFC 3428 in a
// dialog, as the clients of the LCS and OCS generations write it). Any thread; pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace trunkline::sip {

/// Whether the offer has m=message or m=x-ms-message with the transport `sip`; port and format are ignored.
[[nodiscard]] bool offers_messages(std::string_view sdp);

/// An offer of ours with one message line.
[[nodiscard]] std::string offer_messages(std::string_view host, int port, std::uint64_t session);
/// Whether an answer takes a message line: it is there and its port is not 0 (RFC 3264 6).
[[nodiscard]] bool takes_messages(std::string_view sdp);

/// The answer: the first message line taken, every other media line refused in its place (RFC 3264 6).
/// `version` grows with each answer of a session that differs from the one before (RFC 3264 8).
[[nodiscard]] std::string answer_messages(std::string_view offer, std::string_view host, int port,
                                          std::uint64_t session, std::uint64_t version = 1);

}  // namespace trunkline::sip
