// Sofia-SIP (1.12.11 and later) calls a method invalid when its name is shorter than the last one it compared
// for the first letter: SERVICE, PING, SEND and others are dropped without an answer, and so are answers to
// ours, since the name in CSeq goes the same way. The library calls its exported sip_method_d through the
// procedure linkage table, so a definition in the program takes its place; method_names.cpp holds ours.
#pragma once

namespace trunkline::sip {

/// Throws std::runtime_error when the library does not use our definition (a program linked in a way that
/// hides it).
void require_own_method_names();

}  // namespace trunkline::sip
