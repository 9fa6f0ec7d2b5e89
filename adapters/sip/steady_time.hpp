// Time that never jumps: what waits, limits and memories of this room count by.
#pragma once

#include <chrono>

namespace trunkline::sip {

using SteadyTime = std::chrono::milliseconds;  // since some moment before the program began

[[nodiscard]] inline SteadyTime steady_now() {
    return std::chrono::duration_cast<SteadyTime>(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace trunkline::sip
