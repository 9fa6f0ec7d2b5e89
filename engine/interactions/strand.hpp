// A strategy's run has two strands: the strategy itself, and the busy treatment (on_wait) that runs while the
// strategy waits in ix:route. Each is a coroutine that may wait for one thing of its own.
#pragma once

#include <cstdint>

namespace trunkline::interactions {

enum class Strand : std::uint8_t { strategy, on_wait };

}  // namespace trunkline::interactions
