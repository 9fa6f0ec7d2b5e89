// The modes of the load: what is played, and what is counted. Each runs to its end and returns its figures;
// what does not add up (a text lost, doubled or at the wrong agent) is in them as a count that must be 0.
// Throws std::runtime_error when the server stops answering.
#pragma once

#include <boost/json/object.hpp>

#include "tests/bench/load/floor.hpp"

namespace trunkline::bench {

/// Established sessions; customers write, each text must come to the session's agent once. Closed loop with a
/// window, or open loop at a rate (latencies then count from when a text was due).
[[nodiscard]] boost::json::object run_texts(const Options& options);

/// Whole sessions: text, (greeting, answer,) ringing, answer, a text each way, release.
[[nodiscard]] boost::json::object run_sessions(const Options& options);

}  // namespace trunkline::bench
