// Which seeded fault is awake (faults.cmake). One thread.
#pragma once

#include <string>

namespace trunkline {

/// Whether this is the fault that was named to the program; none is where it was named none.
[[nodiscard]] bool seeded_fault(const char* name);
/// From here on this one is awake.
void wake_fault(const std::string& name);

}  // namespace trunkline
