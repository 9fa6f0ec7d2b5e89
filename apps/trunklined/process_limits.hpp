// What the process asks of the system for itself, once, at start, before any thread: many files, and memory
// and files that nobody else reads.
#pragma once

#include <cstddef>

namespace trunkline::apps {

/// Raises the number of files that may be open to what the system allows; the number.
std::size_t raise_file_limit();

/// How many connections each door may have, so that what everybody needs (the spool, the database) finds
/// files too.
struct DoorLimits {
    std::size_t http, tlib, sip;
};
[[nodiscard]] DoorLimits door_limits(std::size_t files);

enum class CoreDumps { none, allowed };
/// Files are made for their owner alone. A core dump would hold every password and text: none is written, and
/// no other process of this user looks into the memory, unless a person who looks for a fault allows it.
void keep_to_ourselves(CoreDumps);

}  // namespace trunkline::apps
